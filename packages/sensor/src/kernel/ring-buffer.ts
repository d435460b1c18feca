import type { Libbpf, SharedMemory } from './libbpf.ts';

/** Bits of a record's length word (linux/bpf.h). */
const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
const HEAD = 8;
const PAGE = 4096;

/**
 * Reads a kernel ring buffer where it lies: the consumer's page is ours to write, then come the producer's page and the
 * records (kernel/bpf/ringbuf.c). No call into a library for each record. The kernel shows the records twice in a row, so
 * that none is cut; we look at them once, as what we look at counts as our memory, and join the one that is cut.
 */
export class RingBuffer {
  readonly #size: number;
  readonly #consumerMemory: SharedMemory;
  readonly #producerMemory: SharedMemory;
  readonly #consumed: BigUint64Array;
  readonly #produced: BigUint64Array;
  readonly #records: Buffer;
  readonly #lengths: Int32Array;

  /** `size` is the number of bytes that the map was made with. */
  constructor(libbpf: Libbpf, map: number, size: number) {
    this.#size = size;
    this.#consumerMemory = libbpf.share(map, 0, PAGE, 'write');
    this.#producerMemory = libbpf.share(map, PAGE, PAGE + size, 'read');
    this.#consumed = new BigUint64Array(this.#consumerMemory.bytes, 0, 1);
    this.#produced = new BigUint64Array(this.#producerMemory.bytes, 0, 1);
    this.#records = Buffer.from(this.#producerMemory.bytes, PAGE, size);
    this.#lengths = new Int32Array(this.#producerMemory.bytes, PAGE, size / 4);
  }

  /** Gives `take` up to `most` records, each only for as long as the call lasts; how many there were. */
  consume(take: (record: Buffer) => void, most: number): number {
    let at = Number(Atomics.load(this.#consumed, 0));
    const end = Number(Atomics.load(this.#produced, 0));
    let count = 0;
    while (at < end && count < most) {
      const offset = at & (this.#size - 1);
      const word = Atomics.load(this.#lengths, offset / 4) >>> 0;
      if ((word & BUSY) !== 0) break;
      const length = word & ~DISCARDED;
      if ((word & DISCARDED) === 0) {
        take(this.#contents(offset + HEAD, length));
        count++;
      }
      at += (HEAD + length + 7) & ~7;
      Atomics.store(this.#consumed, 0, BigInt(at));
    }
    return count;
  }

  #contents(start: number, length: number): Buffer {
    if (start + length <= this.#size) return this.#records.subarray(start, start + length);
    const over = start + length - this.#size;
    return Buffer.concat([this.#records.subarray(start), this.#records.subarray(0, over)]);
  }

  close(): void {
    this.#consumerMemory.giveBack();
    this.#producerMemory.giveBack();
  }
}
