/** Tries after which an entry is set aside, and milliseconds by which each lets the next wait longer. */
const MOST_TRIES = 5;
const LATER = 15_000;
/** Milliseconds in which failures are told once. */
const TOLD_EVERY = 60_000;

interface Failure {
  tries: number;
  at: number;
  /** Entries that had been learned when it failed first. */
  before: number;
}

/**
 * Entries that could not be learned. What comes after them does not wait for them: each is tried again later, and given
 * up where it never succeeds although others do. Where nothing succeeds it is the store that is away, and not the entry.
 */
export class FailedEntries {
  readonly #failures = new Map<string, Failure>();
  #learned = 0;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  failed(id: string, now: number): void {
    this.#untold += 1;
    const { tries, before } = this.#failures.get(id) ?? { tries: 0, before: this.#learned };
    this.#failures.set(id, { tries: tries + 1, at: now, before });
  }

  /** How often something failed since this was told last; 0 where that was lately: what is broken fails with each batch. */
  toTell(now: number): number {
    if (Math.abs(now - this.#toldAt) < TOLD_EVERY) return 0;
    const count = this.#untold;
    this.#untold = 0;
    this.#toldAt = now;
    return count;
  }

  learned(id: string): void {
    this.#learned += 1;
    this.#failures.delete(id);
  }

  forget(id: string): void {
    this.#failures.delete(id);
  }

  /** Somebody else learns them. */
  clear(): void {
    this.#failures.clear();
  }

  isHopeless(id: string): boolean {
    const failure = this.#failures.get(id);
    return failure !== undefined && failure.tries >= MOST_TRIES && this.#learned > failure.before;
  }

  /** Those that are not tried yet again. */
  waiting(now: number): string[] {
    return [...this.#failures].flatMap(([id, { tries, at }]) =>
      // A clock that was set back lets nothing wait for longer.
      Math.abs(now - at) < LATER * Math.min(tries, MOST_TRIES) ? [id] : [],
    );
  }

  /** Whether any of them is tried now. */
  isDue(now: number): boolean {
    return this.#failures.size > this.waiting(now).length;
  }
}
