/** How often something may be done: a burst, and so many more each second. */
export interface Allowance {
  /** Whether it may be done once now; that counts. */
  take(): boolean;
}

/** An allowance that begins full. `now` gives milliseconds. */
export function openAllowance(
  { burst, perSecond }: { burst: number; perSecond: number },
  now: () => number,
): Allowance {
  let left = burst;
  let last = now();
  return {
    take() {
      const time = now();
      left = Math.min(burst, left + (Math.max(time - last, 0) / 1000) * perSecond);
      last = time;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
