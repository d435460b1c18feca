const RETRY = { first: 500, most: 30_000 };

/** Milliseconds before the next try: twice as long after each failure, with chance, so that not all come back at once. */
export function delayAfter(failures: number, { first, most } = RETRY): number {
  return Math.min(most, first * 2 ** Math.min(failures - 1, 16)) * (0.5 + Math.random());
}
