import type { Quantity } from './quantity.ts';

const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const MAX_SCALE = 4_000;

/** As written, or in canonical form: the largest suffix that needs no fraction. */
export function formatQuantity(quantity: Quantity): string {
  const { $unscaled, $scale, $format, $text } = quantity;
  if ($text !== undefined) return $text;
  if ($unscaled === 0n) return '0';
  if ($scale > MAX_SCALE) return `${$unscaled}e${$scale}`;
  if ($format === 'binary') {
    const text = formatBinary($unscaled, $scale);
    if (text !== undefined) return text;
  }
  return formatDecimal($unscaled, $scale, $format === 'exponent');
}

function formatDecimal(unscaled: bigint, scale: number, asExponent: boolean): string {
  let [value, exponent] = [unscaled, scale];
  while (value % 10n === 0n) [value, exponent] = [value / 10n, exponent + 1];
  while (exponent % 3 !== 0) [value, exponent] = [value * 10n, exponent - 1];
  if (asExponent) return exponent === 0 ? String(value) : `${value}e${exponent}`;
  while (exponent > 18) [value, exponent] = [value * 1000n, exponent - 3];
  return `${value}${DECIMAL[exponent / 3 + 3] ?? ''}`;
}

/** Undefined below 1024, which is written in decimals. */
function formatBinary(unscaled: bigint, scale: number): string | undefined {
  const absolute = unscaled < 0n ? -unscaled : unscaled;
  const divisor = 10n ** BigInt(Math.max(0, -scale));
  let value = (absolute * 10n ** BigInt(Math.max(0, scale)) + divisor - 1n) / divisor;
  if (value < 1024n) return undefined;
  let suffix = 0;
  for (; suffix < BINARY.length - 1 && value % 1024n === 0n; suffix++) value /= 1024n;
  return `${unscaled < 0n ? '-' : ''}${value}${BINARY[suffix]}`;
}
