const MINUTE = 60_000;
const DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The text that was asked for last, and its minute: events come by the thousand in one minute. */
let lastText = '';
let lastMinute = -1;

/** Minutes since 1970 of a time in ISO 8601, UTC; -1 for what is none. */
export function minuteOf(time: string): number {
  if (time.length >= 16 && lastText.length > 0 && isSameMinute(time)) return lastMinute;
  const parsed = Date.parse(time);
  if (Number.isNaN(parsed) || parsed < 0) return -1;
  const minute = Math.floor(parsed / MINUTE);
  if (DIGITS.test(time) && time.endsWith('Z')) {
    lastText = time.slice(0, 16);
    lastMinute = minute;
  }
  return minute;
}

function isSameMinute(time: string): boolean {
  // From the end: that is where times differ.
  for (let at = 15; at >= 0; at--) if (time.charCodeAt(at) !== lastText.charCodeAt(at)) return false;
  return time.charCodeAt(time.length - 1) === 0x5a;
}

/** The beginning of a minute, ISO 8601. */
export const timeOf = (minute: number): string => new Date(minute * MINUTE).toISOString();

export const MINUTES_PER_DAY = 1440;
