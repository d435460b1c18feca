/** Lets requests to each registry through at a pace: so many at once, so many a second. */
export interface Pace {
  /** Waits for a turn at a registry, then runs `task`. Rejects as `task` does, or when `signal` ends the waiting. */
  run<T>(registry: string, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

interface Lane {
  running: number;
  /** When the next request may begin, in milliseconds. */
  free: number;
  waiting: (() => void)[];
}

/** A pace of `perSecond` requests, `atOnce` of them under way, for each registry apart. */
export function openPace({ perSecond, atOnce }: { perSecond: number; atOnce: number }, now: () => number): Pace {
  const lanes = new Map<string, Lane>();
  const gap = 1000 / perSecond;
  return {
    async run(registry, signal, task) {
      const lane = lanes.get(registry) ?? { running: 0, free: 0, waiting: [] };
      lanes.set(registry, lane);
      while (lane.running >= atOnce) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => lane.waiting.push(resolve));
      }
      lane.running += 1;
      try {
        signal.throwIfAborted();
        const start = Math.max(now(), lane.free);
        lane.free = start + gap;
        if (start > now()) await pause(start - now(), signal);
        return await task();
      } finally {
        lane.running -= 1;
        lane.waiting.shift()?.();
      }
    },
  };
}

/** Waits, at most until `signal`; never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
