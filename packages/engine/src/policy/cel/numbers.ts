import { CelError, Double, Uint, type Value } from './values.ts';

const INT_MINIMUM = -(2n ** 63n);
const INT_MAXIMUM = 2n ** 63n - 1n;
const UINT_MAXIMUM = 2n ** 64n - 1n;

/** An int from its exact value; an error beyond 64 bits. */
export function int(value: bigint): Value {
  if (value < INT_MINIMUM || value > INT_MAXIMUM) return new CelError('integer overflow');
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** A uint from its exact value; an error beyond 64 bits and below zero. */
export function uint(value: bigint): Value {
  return value < 0n || value > UINT_MAXIMUM ? new CelError('unsigned integer overflow') : new Uint(value);
}

/** An int cut from a double: errors where it does not fit. */
export function intFromDouble(value: number): Value {
  if (!Number.isFinite(value) || value <= -(2 ** 63) || value >= 2 ** 63) return new CelError('range error: int');
  return int(BigInt(Math.trunc(value)));
}

export const isInt = (value: Value): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const orderOf = <T extends number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order of an integer and a double, rounded to a double as cel-go does; NaN has none. */
const compareMixed = (whole: bigint, real: number): number | undefined =>
  Number.isNaN(real) ? undefined : orderOf(Number(whole), real);

const wholeOf = (value: Value): bigint | undefined =>
  value instanceof Uint ? value.$value : isInt(value) ? BigInt(value) : undefined;

/**
 * Order of two numbers by value, whatever their types: -1, 0, 1.
 * `undefined` where one of them is NaN, `null` where one of them is no number.
 */
export function compareNumbers(a: Value, b: Value): number | undefined | null {
  if (typeof a === 'number' && typeof b === 'number') return orderOf(a, b);
  if (a instanceof Double) {
    if (b instanceof Double) {
      return Number.isNaN(a.$value) || Number.isNaN(b.$value) ? undefined : orderOf(a.$value, b.$value);
    }
    const whole = wholeOf(b);
    if (whole === undefined) return null;
    const order = compareMixed(whole, a.$value);
    return order === undefined ? undefined : -order;
  }
  const left = wholeOf(a);
  if (left === undefined) return null;
  if (b instanceof Double) return compareMixed(left, b.$value);
  const right = wholeOf(b);
  return right === undefined ? null : orderOf(left, right);
}

/** The position that a number gives in a list; undefined where it is not whole. */
export function positionOf(index: Value): number | undefined {
  if (isInt(index)) return Number(index);
  if (index instanceof Uint) return Number(index.$value);
  return index instanceof Double && Number.isInteger(index.$value) ? index.$value : undefined;
}
