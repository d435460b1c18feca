import { LARGEST } from './mutate-bytes.ts';
import type { Seed } from './target.ts';

const LABEL = 4096;
const HEAD = 16;

/**
 * The input that a thread works on, in memory that it shares with the one that watches it: what hangs or runs out of
 * memory cannot tell any more what it was given.
 */
export class SharedInput {
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(HEAD + LABEL + LARGEST)) {
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, HEAD / 4);
    this.#bytes = new Uint8Array(memory, HEAD);
  }

  /** Inputs so far. */
  get count(): number {
    return Atomics.load(this.#head, 0);
  }

  write({ label, bytes }: Seed): void {
    const name = Buffer.from(label).subarray(0, LABEL);
    this.#bytes.set(name, 0);
    this.#bytes.set(bytes.subarray(0, LARGEST), LABEL);
    this.#head[1] = name.length;
    this.#head[2] = Math.min(bytes.length, LARGEST);
    Atomics.add(this.#head, 0, 1);
  }

  read(): Seed {
    const label = Buffer.from(this.#bytes.slice(0, this.#head[1])).toString('utf8');
    return { label, bytes: this.#bytes.slice(LABEL, LABEL + this.#head[2]!) };
  }
}
