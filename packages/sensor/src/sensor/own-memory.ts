import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 * 1024;
/** Milliseconds until what was needed to begin is given back, and between two looks after that. */
const FIRST = 2000;
const EVERY = 10_000;
/** Bytes beyond what was needed last that are worth a look through all of it. */
const SLACK = 8 * MIB;

/**
 * Keeps the memory of a process small that does nothing but watch: what its start and each storm leave behind is given
 * back to the machine. By themselves V8 and the C library keep it for as long as they live.
 */
export class OwnMemory {
  readonly #trim: () => void;
  #collect: (() => void) | undefined;
  #dueAt: number;
  #needed = 0;

  /** `trim` has the C library give back what is free; `now` in milliseconds. */
  constructor(trim: () => void, now: number) {
    this.#trim = trim;
    this.#dueAt = now + FIRST;
    // What is new is gone soon, and room for it that has grown is never given back while events come.
    setFlagsFromString('--semi-space-growth-factor=1');
  }

  /** To be asked from time to time. */
  settle(now: number): void {
    if (now < this.#dueAt && this.#dueAt - now <= EVERY) return;
    this.#dueAt = now + EVERY;
    if (process.memoryUsage.rss() < this.#needed + SLACK) return;
    this.#collect ??= collector();
    this.#collect();
    this.#trim();
    this.#needed = process.memoryUsage.rss();
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  return () => collect({ type: 'major', flavor: 'last-resort' });
}
