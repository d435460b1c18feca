import { type Frame, labour } from './frame.ts';
import type { Timestamp } from './values.ts';

const OFFSET = /^([+-]?)(\d\d):(\d\d)$/;
const MAX_NAME = 60;
const MAX_ZONES = 50;
/** Work of looking up the calendar of a zone, and of finding a zone by its name. */
const LOOK_UP = 30;
const NEW_ZONE = 1_000;

const FIELDS = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

const zones = new Map<string, Intl.DateTimeFormat | undefined>();

/** The calendar of a named zone; undefined where there is none of that name. */
function calendarOf(frame: Frame, zone: string): Intl.DateTimeFormat | undefined {
  if (zones.has(zone)) return zones.get(zone);
  labour(frame, NEW_ZONE);
  let calendar: Intl.DateTimeFormat | undefined;
  try {
    calendar = new Intl.DateTimeFormat('en-US', { ...FIELDS, timeZone: zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(zone, calendar);
  return calendar;
}

/**
 * A moment in a zone (`Europe/Paris`, `-05:30`, or UTC for the empty name) as a `Date` whose UTC fields are the local
 * ones; undefined where there is no such zone.
 */
export function localTime(frame: Frame, moment: Timestamp, zone: string): Date | undefined {
  const instant = new Date(moment.$seconds * 1000);
  if (zone === '' || zone === 'UTC') return instant;
  const offset = OFFSET.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(instant.getTime() + (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  labour(frame, LOOK_UP);
  const calendar = zone.length > MAX_NAME ? undefined : calendarOf(frame, zone);
  if (calendar === undefined) return undefined;
  const parts = new Map(calendar.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = new Date(0);
  local.setUTCFullYear(part('year'), part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local;
}
