import type { Libbpf, SharedMemory } from './libbpf.ts';

/** Bits of a record's length word (linux/bpf.h). */
const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
const HEAD = 8;
/** Bytes that are looked at at once, and those behind them that a record may reach into: none is longer (bpf/event.h). */
const WINDOW = 256 * 1024;
const LONGEST = 16 * 1024;

/**
 * Reads a kernel ring buffer where it lies: the consumer's page is ours to write, then come the producer's page and the
 * records (kernel/bpf/ringbuf.c). No call into a library for each record. What we look at counts as our memory: it is a
 * window that is moved along. The kernel shows the records twice in a row, so that none is cut where they begin again.
 */
export class RingBuffer {
  readonly #page: number;
  readonly #size: number;
  readonly #window: number;
  readonly #consumerMemory: SharedMemory;
  readonly #producerMemory: SharedMemory;
  readonly #recordMemory: SharedMemory;
  readonly #consumed: BigUint64Array;
  readonly #produced: BigUint64Array;
  readonly #records: Buffer;
  readonly #lengths: Int32Array;
  /** Where the window begins. */
  #start = 0;

  /** `size` is the number of bytes that the map was made with. */
  constructor(libbpf: Libbpf, map: number, size: number) {
    this.#page = libbpf.pageSize;
    this.#size = size;
    this.#window = Math.min(size, WINDOW);
    const seen = this.#window + Math.min(size, LONGEST);
    this.#consumerMemory = libbpf.share(map, 0, this.#page, 'write');
    this.#producerMemory = libbpf.share(map, this.#page, this.#page, 'read');
    this.#recordMemory = libbpf.share(map, 2 * this.#page, seen, 'read');
    this.#consumed = new BigUint64Array(this.#consumerMemory.bytes, 0, 1);
    this.#produced = new BigUint64Array(this.#producerMemory.bytes, 0, 1);
    this.#records = Buffer.from(this.#recordMemory.bytes);
    this.#lengths = new Int32Array(this.#recordMemory.bytes);
  }

  /** Gives `take` up to `most` records, each only for as long as the call lasts; how many there were. */
  consume(take: (record: Buffer) => void, most: number): number {
    let at = Number(Atomics.load(this.#consumed, 0));
    const end = Number(Atomics.load(this.#produced, 0));
    let count = 0;
    while (at < end && count < most) {
      const offset = this.#moveTo(at & (this.#size - 1));
      const word = Atomics.load(this.#lengths, offset / 4) >>> 0;
      if ((word & BUSY) !== 0) break;
      const length = word & ~DISCARDED;
      if ((word & DISCARDED) === 0) {
        take(this.#records.subarray(offset + HEAD, offset + HEAD + length));
        count++;
      }
      at += (HEAD + length + 7) & ~7;
      Atomics.store(this.#consumed, 0, BigInt(at));
    }
    return count;
  }

  /** Moves the window where a record begins outside of it; its place in the window. */
  #moveTo(place: number): number {
    const start = place - (place % this.#window);
    if (start !== this.#start) {
      this.#recordMemory.move(2 * this.#page + start);
      this.#start = start;
    }
    return place - start;
  }

  close(): void {
    this.#consumerMemory.giveBack();
    this.#producerMemory.giveBack();
    this.#recordMemory.giveBack();
  }
}
