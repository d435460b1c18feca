import { CelError, Duration, noSuchOverload, Timestamp, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';

const OFFSET = /^([+-]?)(\d\d):(\d\d)$/;
const DAY = 86_400_000;

/** The calendar fields of a moment in a zone, as a `Date` whose UTC fields are the local ones. */
function localTime(moment: Timestamp, zone: string): Date | undefined {
  const instant = new Date(moment.$seconds * 1000);
  if (zone === '' || zone === 'UTC') return instant;
  const offset = OFFSET.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(instant.getTime() + (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  if (zone.length > 60) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const local = new Date(0);
    local.setUTCFullYear(part('year'), part('month') - 1, part('day'));
    local.setUTCHours(part('hour'), part('minute'), part('second'));
    return local;
  } catch {
    return undefined;
  }
}

const dayOfYear = (date: Date): number => {
  const first = new Date(0);
  first.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - first.getTime()) / DAY);
};

const CALENDAR: Record<string, (date: Date) => number> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: dayOfYear,
};

const CLOCK: Record<string, { local: (date: Date) => number; nanos: bigint }> = {
  getHours: { local: (date) => date.getUTCHours(), nanos: 3_600_000_000_000n },
  getMinutes: { local: (date) => date.getUTCMinutes(), nanos: 60_000_000_000n },
  getSeconds: { local: (date) => date.getUTCSeconds(), nanos: 1_000_000_000n },
};

function field(name: string, moment: Value, zone: Value, read: (date: Date) => number): Value {
  if (!(moment instanceof Timestamp) || typeof zone !== 'string') return noSuchOverload(name, moment, zone);
  const local = localTime(moment, zone);
  return local === undefined ? new CelError(`unknown time zone: ${zone.slice(0, 40)}`) : read(local);
}

function milliseconds(value: Value, zone: Value): Value {
  if (value instanceof Duration) return Number((value.$nanos / 1_000_000n) % 1000n);
  return value instanceof Timestamp && typeof zone === 'string'
    ? Math.floor(value.$nanos / 1_000_000)
    : noSuchOverload('getMilliseconds', value, zone);
}

/** Fields of timestamps (in UTC, or in the zone named by the operand) and of durations (totals). */
export const TIME_FUNCTIONS: FunctionDeclaration[] = [
  ...Object.entries(CALENDAR).flatMap(([name, read]) => [
    member(name, 1, (frame, moment) => {
      frame.cost++;
      return field(name, moment, '', read);
    }),
    member(name, 2, (frame, moment, zone) => {
      frame.cost++;
      return field(name, moment, zone, read);
    }),
  ]),
  ...Object.entries(CLOCK).flatMap(([name, { local, nanos }]) => [
    member(name, 1, (frame, value) => {
      frame.cost++;
      return value instanceof Duration ? Number(value.$nanos / nanos) : field(name, value, '', local);
    }),
    member(name, 2, (frame, moment, zone) => {
      frame.cost++;
      return field(name, moment, zone, local);
    }),
  ]),
  member('getMilliseconds', 1, (frame, value) => {
    frame.cost++;
    return milliseconds(value, '');
  }),
  member('getMilliseconds', 2, (frame, value, zone) => {
    frame.cost++;
    return value instanceof Duration ? noSuchOverload('getMilliseconds', value, zone) : milliseconds(value, zone);
  }),
];
