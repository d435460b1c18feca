import { setTimeout as wait } from 'node:timers/promises';

export interface RetryOptions {
  /** Milliseconds after which it gives up. */
  timeout?: number;
  /** Milliseconds between two attempts. */
  interval?: number;
}

/**
 * Tries until an attempt gives something other than undefined or false, and gives that. What an API server takes in
 * its own time (a ValidatingAdmissionPolicy is re-read once a second, a new kind is served after two) is waited for by
 * asking, never by sleeping. Throws with `what` and the last error when time is up.
 */
export async function retryUntil<T>(
  what: string,
  attempt: () => Promise<T | undefined | false> | T | undefined | false,
  { timeout = 20_000, interval = 50 }: RetryOptions = {},
): Promise<T> {
  const end = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const found = await attempt();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= end) throw new Error(`${what}: not within ${timeout} ms`, { cause: last });
    await wait(interval);
  }
}
