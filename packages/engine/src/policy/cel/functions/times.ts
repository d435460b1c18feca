import { DURATION, INT, STRING, TIMESTAMP } from '../types.ts';
import { CelError, type Duration, type Timestamp, type Value } from '../values.ts';
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

function field(moment: Timestamp, zone: string, read: (date: Date) => number): Value {
  const local = localTime(moment, zone);
  return local === undefined ? new CelError(`unknown time zone: ${zone.slice(0, 40)}`) : read(local);
}

/** Fields of timestamps (in UTC, or in the zone named by the operand) and of durations (totals). */
export const TIME_FUNCTIONS: FunctionDeclaration[] = [
  ...Object.entries(CALENDAR).flatMap(([name, read]) => [
    member(name, [TIMESTAMP], INT, (_, moment) => field(moment, '', read)),
    member(name, [TIMESTAMP, STRING], INT, (_, moment, zone) => field(moment, zone, read)),
  ]),
  ...Object.entries(CLOCK).flatMap(([name, { local, nanos }]) => [
    member(name, [DURATION], INT, (_, value: Duration) => Number(value.$nanos / nanos)),
    member(name, [TIMESTAMP], INT, (_, moment) => field(moment, '', local)),
    member(name, [TIMESTAMP, STRING], INT, (_, moment, zone) => field(moment, zone, local)),
  ]),
  member('getMilliseconds', [DURATION], INT, (_, value: Duration) => Number((value.$nanos / 1_000_000n) % 1000n)),
  member('getMilliseconds', [TIMESTAMP], INT, (_, moment: Timestamp) => Math.floor(moment.$nanos / 1_000_000)),
  member('getMilliseconds', [TIMESTAMP, STRING], INT, (_, moment: Timestamp) => Math.floor(moment.$nanos / 1_000_000)),
];
