import type { Frame } from '../frame.ts';
import { localTime } from '../time-zones.ts';
import { DURATION, INT, STRING, TIMESTAMP } from '../types.ts';
import { CelError, type Duration, type Timestamp, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';

const DAY = 86_400_000;

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

function field(frame: Frame, moment: Timestamp, zone: string, read: (date: Date) => number): Value {
  const local = localTime(frame, moment, zone);
  return local === undefined ? new CelError(`unknown time zone: ${zone.slice(0, 40)}`) : read(local);
}

/** Fields of timestamps (in UTC, or in the zone named by the operand) and of durations (totals). */
export const TIME_FUNCTIONS: FunctionDeclaration[] = [
  ...Object.entries(CALENDAR).flatMap(([name, read]) => [
    member(name, [TIMESTAMP], INT, (frame, moment) => field(frame, moment, '', read)),
    member(name, [TIMESTAMP, STRING], INT, (frame, moment, zone) => field(frame, moment, zone, read)),
  ]),
  ...Object.entries(CLOCK).flatMap(([name, { local, nanos }]) => [
    member(name, [DURATION], INT, (_, value: Duration) => Number(value.$nanos / nanos)),
    member(name, [TIMESTAMP], INT, (frame, moment) => field(frame, moment, '', local)),
    member(name, [TIMESTAMP, STRING], INT, (frame, moment, zone) => field(frame, moment, zone, local)),
  ]),
  member('getMilliseconds', [DURATION], INT, (_, value: Duration) => Number((value.$nanos / 1_000_000n) % 1000n)),
  member('getMilliseconds', [TIMESTAMP], INT, (_, moment: Timestamp) => Math.floor(moment.$nanos / 1_000_000)),
  member('getMilliseconds', [TIMESTAMP, STRING], INT, (_, moment: Timestamp) => Math.floor(moment.$nanos / 1_000_000)),
];
