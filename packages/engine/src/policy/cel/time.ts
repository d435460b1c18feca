import { CelError, Duration, Timestamp, type Value } from './values.ts';

const NANOS = 1_000_000_000n;
const EARLIEST = -62_135_596_800;
const LATEST = 253_402_300_799;
const INT_LIMIT = 2n ** 63n;
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const DURATION = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|μs|ns)/;
const PART = /(\d*)(?:\.(\d*))?(ms|us|µs|μs|ns|h|m|s)/y;
const UNITS: Record<string, bigint> = {
  h: 3_600n * NANOS,
  m: 60n * NANOS,
  s: NANOS,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ns: 1n,
};

/** A duration in nanoseconds; an error beyond 64 bits. */
export function duration(nanos: bigint): Value {
  return nanos >= -INT_LIMIT && nanos < INT_LIMIT ? new Duration(nanos) : new CelError('range error: duration');
}

/** A timestamp; an error outside the years 1 to 9999. */
export function timestamp(seconds: number, nanos: number): Value {
  const inside = seconds >= EARLIEST && seconds <= LATEST;
  return inside ? new Timestamp(seconds, nanos) : new CelError('range error: timestamp');
}

export const addDurations = (a: bigint, b: bigint): Value => duration(a + b);

const nanosOf = (moment: Timestamp): bigint => BigInt(moment.$seconds) * NANOS + BigInt(moment.$nanos);

/** The moment so many nanoseconds later. */
export function addToTimestamp(moment: Timestamp, nanos: bigint): Value {
  const total = nanosOf(moment) + nanos;
  const rest = ((total % NANOS) + NANOS) % NANOS;
  return timestamp(Number((total - rest) / NANOS), Number(rest));
}

export const subtractTimestamps = (a: Timestamp, b: Timestamp): Value => duration(nanosOf(a) - nanosOf(b));

/** RFC 3339, with up to nine digits of a second. */
export function parseTimestamp(text: string): Value {
  const match = RFC_3339.exec(text);
  if (match === null) return new CelError(`not a timestamp: ${text.slice(0, 40)}`);
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const valid = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!valid || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetHour ?? 0) > 23) {
    return new CelError(`not a timestamp: ${text}`);
  }
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * (sign === '-' ? -60 : 60);
  const seconds = date.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
  return timestamp(seconds, Number(fraction.padEnd(9, '0')));
}

/** `1h30m`, `-1.5s`: numbers with units, as Go writes durations. */
export function parseDuration(text: string): Value {
  const failed = new CelError(`not a duration: ${text.slice(0, 40)}`);
  if (text === '0' || text === '+0' || text === '-0') return new Duration(0n);
  if (text.length > 100 || !DURATION.test(text)) return failed;
  const negative = text.startsWith('-');
  let offset = /^[+-]/.test(text) ? 1 : 0;
  let total = 0n;
  while (offset < text.length) {
    PART.lastIndex = offset;
    const match = PART.exec(text);
    const [whole = '', digits = '', fraction = '', unit = ''] = match ?? [];
    const size = UNITS[unit];
    if (match === null || size === undefined || (digits === '' && fraction === '')) return failed;
    total += BigInt(digits || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
    offset += whole.length;
  }
  return duration(negative ? -total : total);
}

/** As `string()` prints it: seconds with as many decimals as it has. */
export function formatDuration({ $nanos }: Duration): string {
  const absolute = $nanos < 0n ? -$nanos : $nanos;
  const fraction = String(absolute % NANOS)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${$nanos < 0n ? '-' : ''}${absolute / NANOS}${fraction === '' ? '' : `.${fraction}`}s`;
}

/** RFC 3339 in UTC. */
export function formatTimestamp({ $seconds, $nanos }: Timestamp): string {
  const whole = new Date($seconds * 1000).toISOString().slice(0, 19);
  const fraction = String($nanos).padStart(9, '0').replace(/0+$/, '');
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}
