/** How far off a quantile may be, in parts of itself. */
const ACCURACY = 0.03;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);
/** Buckets that are kept: of more the lowest are joined, as nobody asks for the quantiles of little. */
const MOST_BUCKETS = 512;
/** Below it is nothing. */
const LEAST = 1e-6;

/** Quantiles of a stream, off by 3 % at most, in bounded room: counts in buckets that grow by a factor (DDSketch; Masson et al., 2019). */
export class QuantileSketch {
  readonly #counts: Map<number, number>;
  #zeros: number;
  #total: number;
  #highest: number;

  constructor(buckets: Iterable<readonly [number, number]> = [], zeros = 0, highest = 0) {
    this.#counts = new Map(buckets);
    this.#zeros = zeros;
    this.#highest = highest;
    this.#total = zeros;
    for (const count of this.#counts.values()) this.#total += count;
  }

  get total(): number {
    return this.#total;
  }
  get highest(): number {
    return this.#highest;
  }
  get zeros(): number {
    return this.#zeros;
  }

  /** What is no number, or below none, is passed over. */
  add(value: number): void {
    if (!Number.isFinite(value) || value < 0) return;
    this.#total += 1;
    if (value > this.#highest) this.#highest = value;
    if (value < LEAST) {
      this.#zeros += 1;
      return;
    }
    const bucket = Math.ceil(Math.log(value) / LOG_GAMMA);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    if (this.#counts.size > MOST_BUCKETS) this.#joinLowest();
  }

  #joinLowest(): void {
    const [lowest, next] = [...this.#counts.keys()].sort((a, b) => a - b);
    this.#counts.set(next!, this.#counts.get(next!)! + this.#counts.get(lowest!)!);
    this.#counts.delete(lowest!);
  }

  /** The value that a part of all stay below, from 0 to 1; 0 of none. */
  quantile(part: number): number {
    const rank = Math.ceil(part * this.#total);
    if (rank <= this.#zeros) return 0;
    let seen = this.#zeros;
    for (const [bucket, count] of this.buckets()) {
      seen += count;
      if (seen >= rank) return Math.min((2 * GAMMA ** bucket) / (GAMMA + 1), this.#highest);
    }
    return this.#highest;
  }

  /** By bucket, the lowest first. */
  buckets = (): [number, number][] => [...this.#counts].sort((a, b) => a[0] - b[0]);
}
