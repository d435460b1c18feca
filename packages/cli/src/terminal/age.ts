import { countOf } from './count-of.ts';

const UNITS = [
  [31_536_000, 'year'],
  [2_592_000, 'month'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const;

/** `3 days`; under a minute in seconds. `now` is in milliseconds since 1970. */
export function age(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  const [size, unit] = UNITS.find(([limit]) => seconds >= limit) ?? [1, 'second'];
  return countOf(Math.floor(seconds / size), unit);
}
