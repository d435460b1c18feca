/** How much may be spent: a store, and so much more each second. It may be overdrawn once, and is waited for then. */
export interface Budget {
  /** Milliseconds until something may be spent again; 0 for now. */
  wait(): number;
  spend(amount: number): void;
}

/** A budget that begins full. `now` gives milliseconds. */
export function openBudget({ store, perSecond }: { store: number; perSecond: number }, now: () => number): Budget {
  let left = store;
  let last = now();
  const refill = (): void => {
    const time = now();
    left = Math.min(store, left + (Math.max(time - last, 0) / 1000) * perSecond);
    last = time;
  };
  return {
    wait() {
      refill();
      return left > 0 ? 0 : Math.ceil(((1 - left) / perSecond) * 1000);
    },
    spend(amount) {
      refill();
      left -= amount;
    },
  };
}
