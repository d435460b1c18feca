/** Chance that a seed repeats (mulberry32): each use has a stream of its own, so that none depends on another's timing. */
export class Chance {
  #state: number;

  constructor(seed: number, purpose = '') {
    this.#state = seed >>> 0;
    for (const letter of purpose) this.#state = (Math.imul(this.#state, 31) + letter.charCodeAt(0)) >>> 0;
    this.next();
  }

  /** From 0 to 1, which is not reached. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0, below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  /** One of several, by their weights. */
  weighted<T>(of: readonly (readonly [number, T])[]): T {
    let left = this.next() * of.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, one] of of) {
      left -= weight;
      if (left < 0) return one;
    }
    return of.at(-1)![1];
  }

  /** Waiting times of what happens by chance, `mean` apart. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }
}
