import { CelError, Opaque } from './values.ts';

/* No text has two ways through it: one of many digits takes no longer than one that is read. */
const SYNTAX = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]+[-+]?[0-9]*)?$/;
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const EXPONENT = /^[eE]([-+]?[0-9]{1,9})$/;
const MAX_LENGTH = 1_000;
const INT_LIMIT = 2n ** 63n;
const NANO = -9;
/** Digits that surely fit into 64 bits. */
const SAFE_DIGITS = 18;

export type QuantityFormat = 'decimal' | 'binary' | 'exponent';

/**
 * A quantity of a resource: `unscaled * 10^scale`. Like Kubernetes we tell small ones (64 bits and a scale) from large
 * ones, since only small ones convert to an integer.
 */
export class Quantity extends Opaque {
  readonly $kind = 'kubernetes.Quantity';
  readonly $unscaled: bigint;
  readonly $scale: number;
  readonly $large: boolean;
  readonly $format: QuantityFormat;
  /** As written, where it was read and not computed. */
  readonly $text: string | undefined;

  constructor(unscaled: bigint, scale: number, large: boolean, format: QuantityFormat, text?: string) {
    super();
    this.$unscaled = unscaled;
    this.$scale = scale;
    this.$large = large;
    this.$format = format;
    this.$text = text;
  }

  $equals(other: Opaque): boolean {
    return other instanceof Quantity && compareQuantities(this, other) === 0;
  }
}

interface Suffix {
  base: 2 | 10;
  exponent: number;
  format: QuantityFormat;
}

function suffixOf(text: string): Suffix | undefined {
  const decimal = Object.hasOwn(DECIMAL, text) ? DECIMAL[text] : undefined;
  if (decimal !== undefined) return { base: 10, exponent: decimal, format: 'decimal' };
  const binary = Object.hasOwn(BINARY, text) ? BINARY[text] : undefined;
  if (binary !== undefined) return { base: 2, exponent: binary, format: 'binary' };
  const written = EXPONENT.exec(text)?.[1];
  return written === undefined ? undefined : { base: 10, exponent: Number(written), format: 'exponent' };
}

/** Reads `1.5Gi`, `200m`, `1e3`; an error for everything else. */
export function parseQuantity(text: string): Quantity | CelError {
  const match = text.length > MAX_LENGTH ? null : SYNTAX.exec(text);
  const [, sign = '', whole = '', fraction = '', ending = ''] = match ?? [];
  const suffix = suffixOf(ending);
  if (match === null || suffix === undefined || whole + fraction === '' || Math.abs(suffix.exponent) > 1_000_000)
    return new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  const digits = whole.replace(/^0+/, '');
  const number = BigInt(digits + fraction || '0') * (sign === '-' ? -1n : 1n);
  const small = smallQuantity(number, digits.length, fraction.length, suffix, text);
  return small ?? largeQuantity(number, fraction.length, suffix);
}

function smallQuantity(
  number: bigint,
  whole: number,
  fraction: number,
  { base, exponent, format }: Suffix,
  text: string,
): Quantity | undefined {
  if (base === 10) {
    const scale = exponent - fraction;
    if (whole + fraction > SAFE_DIGITS || scale < NANO) return undefined;
    return new Quantity(number, scale, false, format, text);
  }
  if (fraction > 0 || 15 - Math.max(1, whole) - Math.trunc((exponent * 3) / 10) - 1 < 0) return undefined;
  const value = number << BigInt(exponent);
  return value < INT_LIMIT && value >= -INT_LIMIT ? new Quantity(value, 0, false, format, text) : undefined;
}

/** Rounded up to billionths, and cut at the greatest integer of 64 bits. */
function largeQuantity(number: bigint, fraction: number, { base, exponent, format }: Suffix): Quantity {
  const negative = number < 0n;
  let unscaled = negative ? -number : number;
  let scale = -fraction;
  if (base === 2) unscaled <<= BigInt(exponent);
  else scale += exponent;
  if (unscaled === 0n) return new Quantity(0n, 0, true, format);
  if (scale > 40) return new Quantity(negative ? 1n - INT_LIMIT : INT_LIMIT - 1n, 0, true, format);
  if (scale < NANO) {
    const divisor = 10n ** BigInt(Math.min(NANO - scale, 2 * MAX_LENGTH));
    unscaled = (unscaled + divisor - 1n) / divisor;
    scale = NANO;
  }
  const limited = compareScaled(unscaled, scale, INT_LIMIT - 1n, 0) > 0;
  if (limited) [unscaled, scale] = [INT_LIMIT - 1n, 0];
  const isFraction = format === 'binary' && compareScaled(unscaled, scale, 1n, 0) < 0;
  return new Quantity(negative ? -unscaled : unscaled, scale, true, isFraction ? 'decimal' : format);
}

const signOf = (value: bigint): number => (value < 0n ? -1 : Number(value > 0n));

/** Powers of ten beyond what 64 bits hold decide by sign alone, so that hostile exponents cost nothing. */
function compareScaled(a: bigint, scaleA: number, b: bigint, scaleB: number): number {
  const [left, right] = [signOf(a), signOf(b)];
  if (left !== right || left === 0) return Math.sign(left - right);
  if (Math.abs(scaleA - scaleB) > 4 * MAX_LENGTH) return scaleA > scaleB ? left : -left;
  const [x, y] = aligned(a, scaleA, b, scaleB);
  return x < y ? -1 : Number(x > y);
}

const aligned = (a: bigint, scaleA: number, b: bigint, scaleB: number): [bigint, bigint, number] => {
  const scale = Math.min(scaleA, scaleB);
  return [a * 10n ** BigInt(scaleA - scale), b * 10n ** BigInt(scaleB - scale), scale];
};

/** -1, 0 or 1. */
export const compareQuantities = (a: Quantity, b: Quantity): number =>
  compareScaled(a.$unscaled, a.$scale, b.$unscaled, b.$scale);

/** The sum; large as soon as one is or 64 bits do not hold it. */
export function addQuantities(a: Quantity, b: Quantity): Quantity | CelError {
  if (Math.abs(a.$scale - b.$scale) > 4 * MAX_LENGTH) return new CelError('the quantities are too far apart');
  const [x, y, scale] = aligned(a.$unscaled, a.$scale, b.$unscaled, b.$scale);
  const sum = x + y;
  const format = a.$unscaled === 0n ? b.$format : a.$format;
  if (a.$unscaled === 0n && !a.$large && !b.$large) return new Quantity(b.$unscaled, b.$scale, false, format);
  if (b.$unscaled === 0n && !a.$large && !b.$large) return new Quantity(a.$unscaled, a.$scale, false, format);
  const fits = sum < INT_LIMIT && sum >= -INT_LIMIT;
  return new Quantity(sum, scale, a.$large || b.$large || !fits, format);
}

export const negate = (quantity: Quantity): Quantity =>
  new Quantity(-quantity.$unscaled, quantity.$scale, quantity.$large, quantity.$format);

/** The whole number that a small quantity is; undefined where it is none or beyond 64 bits. */
export function integerOf({ $unscaled, $scale, $large }: Quantity): bigint | undefined {
  if ($large || $scale < 0 || $scale > 20) return undefined;
  const value = $unscaled * 10n ** BigInt($scale);
  return value < INT_LIMIT && value >= -INT_LIMIT ? value : undefined;
}

export const approximate = ({ $unscaled, $scale }: Quantity): number => Number(`${$unscaled}e${$scale}`);
