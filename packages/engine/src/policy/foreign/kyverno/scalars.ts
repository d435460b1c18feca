import { CelError, Duration, type Value } from '../../cel/index.ts';
import { parseQuantity, Quantity } from '../../cel/quantity.ts';
import { parseDuration } from '../../cel/time.ts';

const known = <T extends Value>(value: Value, type: new (...operands: never[]) => T): T | undefined =>
  value instanceof type && !(value instanceof CelError) ? value : undefined;

/** A quantity such as `1.5Gi`; undefined for everything else. */
export const quantityIn = (text: string): Quantity | undefined => known(parseQuantity(text), Quantity);

/** A duration such as `1h30m`; undefined for everything else. */
export const durationIn = (text: string): Duration | undefined => known(parseDuration(text), Duration);

const UNITS: readonly (readonly [unit: string, nanos: bigint])[] = [
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
];
const SECOND = 1_000_000_000n;

/** As Go writes a duration: `1h0m0s`, `1.5s`, `0s`. */
export function writeDuration(nanos: bigint): string {
  let rest = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? '-' : '';
  if (rest > 0n && rest < SECOND) return `${sign}${Number(rest) / 1e6}ms`;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = rest / size;
    if (count > 0n || text !== '') text += `${count}${unit}`;
    rest %= size;
  }
  const seconds = String(Number(rest) / 1e9);
  return `${sign}${text}${seconds}s`;
}
