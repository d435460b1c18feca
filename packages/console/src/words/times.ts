const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Age at which advisories count as stale: most feeds are refreshed daily. */
const STALE_AFTER = 2 * DAY;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dateWithYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago, without a word for direction: `3 min`, `2 h`, `4 days`. */
export function age(time: string, now: number): string {
  const passed = now - Date.parse(time);
  if (Number.isNaN(passed)) return 'unknown';
  if (passed < MINUTE) return 'less than 1 min';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < 2 * DAY) return `${Math.floor(passed / HOUR)} h`;
  const days = Math.floor(passed / DAY);
  return days < 60 ? `${days} days` : `${Math.floor(days / 30)} months`;
}

/** Whether advisories of this time are too old to lean on. */
export const isStale = (time: string, now: number) => now - Date.parse(time) > STALE_AFTER;

/** The time of day today, the date in this year, the date with its year before. */
export function moment(time: string, now: number): string {
  const then = new Date(time);
  if (Number.isNaN(then.getTime())) return time;
  const today = new Date(now);
  if (then.toDateString() === today.toDateString()) return clock.format(then);
  return then.getFullYear() === today.getFullYear() ? date.format(then) : dateWithYear.format(then);
}

/** Date and time in full, for a title. */
export function inFull(time: string): string {
  const then = new Date(time);
  return Number.isNaN(then.getTime()) ? time : full.format(then);
}
