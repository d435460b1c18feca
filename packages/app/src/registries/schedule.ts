import { UpstreamError, UserError, type WatchTrouble } from '@breakwater/model';

/** Milliseconds before the first look after a failure; each further failure in a row waits twice as long. */
const FIRST_PAUSE = 15_000;
const LONGEST_PAUSE = 6 * 3_600_000;
/** A registry that asks for more patience than this is asked again all the same. */
const LONGEST_OBEYED = 24 * 3_600_000;
/** Looks come up to so much earlier or later, so that they do not come all at once. */
const JITTER = 0.1;

/** When to look again after a look that went well: the interval, a little more or less. `random` is 0 to 1. */
export function nextLook(now: number, intervalSeconds: number, random: number): string {
  const interval = intervalSeconds * 1000;
  return iso(now + interval * (1 - JITTER + 2 * JITTER * random));
}

/** When to try again after failures in a row (`attempts` before this one): what the registry asks for, at least. */
export function nextAttempt(now: number, attempts: number, random: number, retryAfter?: number): string {
  const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(attempts, 20), LONGEST_PAUSE) * (1 + random / 4);
  return iso(now + Math.max(pause, Math.min(retryAfter ?? 0, LONGEST_OBEYED)));
}

/** The error's own words for the state of a registry; they hold no secret. A bug of ours is told without its detail. */
export function troubleOf(error: unknown, now: string): WatchTrouble {
  if (error instanceof UserError || error instanceof UpstreamError) {
    const { code, message, hint } = error;
    return { code, message, ...(hint === undefined ? {} : { hint }), since: now };
  }
  return {
    code: 'look-failed',
    message: 'The look failed for a reason of ours; the terminal of the server tells it.',
    since: now,
  };
}

/** Milliseconds that a registry asked to be left alone for; undefined where it did not. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof UpstreamError ? error.retryAfter : undefined;
}

/** Whether all work on the registry must wait: it asked for patience, or does not answer at all. */
export function concernsWholeRegistry(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    (error.code === 'registry-failed' || error.code === 'registry-unreachable' || error.code === 'registry-busy')
  );
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
