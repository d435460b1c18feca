/** How late the loop is. */
export interface Lag {
  /** Milliseconds. */
  current(): number;
  close(): void;
}

const INTERVAL = 50;

/** Watches how much later than planned a timer rings: while much work waits before it, that is how long. */
export function openLag(now: () => number): Lag {
  let planned = now() + INTERVAL;
  let late = 0;
  const timer = setInterval(() => {
    late = Math.max(0, now() - planned);
    planned = now() + INTERVAL;
  }, INTERVAL);
  timer.unref();
  return { current: () => Math.max(late, now() - planned), close: () => clearInterval(timer) };
}
