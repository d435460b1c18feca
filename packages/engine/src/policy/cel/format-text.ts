import { type Frame, labour, traversal } from './frame.ts';
import { formatDouble } from './functions/conversions.ts';
import { readKey } from './maps.ts';
import { isInt } from './numbers.ts';
import { formatDuration, formatTimestamp } from './time.ts';
import {
  adapt,
  CelError,
  CelMap,
  Double,
  Duration,
  elementsOf,
  isJsonMap,
  kindOf,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './values.ts';

const MAX_DEPTH = 100;
const MAX_PRECISION = 100;
const encoder = new TextEncoder();

const wrong = (what: string, value: Value): CelError =>
  new CelError(`error during formatting: ${what}, was given ${kindOf(value)}`);

/** One value as a clause such as `s` or `x` wants it; an error where the clause cannot show it. */
export function formatValue(frame: Frame, value: Value, clause: string, precision: number): string | CelError {
  switch (clause) {
    case 's':
      return formatText(frame, value, 0);
    case 'd':
      return (
        special(value) ?? wholeOf(value)?.toString() ?? wrong('decimal clause can only be used on integers', value)
      );
    case 'f':
    case 'e':
      return formatReal(value, clause, precision);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return wholeOf(value)?.toString(2) ?? wrong('only integers and bools can be formatted as binary', value);
    case 'o':
      return wholeOf(value)?.toString(8) ?? wrong('octal clause can only be used on integers', value);
    case 'x':
      return formatHex(frame, value);
    case 'X': {
      const text = formatHex(frame, value);
      return typeof text === 'string' ? text.toUpperCase() : text;
    }
    default:
      return new CelError(`could not parse formatting clause: unrecognized formatting clause "${clause}"`);
  }
}

const wholeOf = (value: Value): bigint | undefined =>
  value instanceof Uint ? value.$value : isInt(value) ? BigInt(value) : undefined;

/** NaN and the infinities, which every clause for numbers shows alike. */
function special(value: Value): string | undefined {
  if (!(value instanceof Double) || Number.isFinite(value.$value)) return undefined;
  return String(value.$value);
}

function formatReal(value: Value, clause: 'e' | 'f', precision: number): string | CelError {
  const kind = clause === 'e' ? 'scientific' : 'fixed-point';
  const whole = wholeOf(value);
  if (whole === undefined && !(value instanceof Double))
    return wrong(`${kind} clause can only be used on doubles`, value);
  if (precision > MAX_PRECISION) return new CelError(`precision beyond ${MAX_PRECISION}`);
  const number = value instanceof Double ? value.$value : Number(whole);
  if (!Number.isFinite(number)) return String(number);
  if (clause === 'e') return number.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
  return toFixed(number, precision);
}

/** Rounds halves to the even digit, as Go does; JavaScript rounds them up. */
function toFixed(number: number, precision: number): string {
  const rounded = Math.abs(number) < 1e21 ? number.toFixed(precision) : BigInt(number).toString();
  const exact = Math.abs(number) < 1e21 ? number.toFixed(Math.min(100, precision + 40)) : '';
  const point = exact.indexOf('.');
  const end = precision === 0 ? point : point + 1 + precision;
  const tail = exact.slice(precision === 0 ? point + 1 : end);
  if (point < 0 || !/^50*$/.test(tail) || precision + 40 > 100) return rounded;
  const kept = exact.slice(0, end);
  return /[02468]$/.test(kept) ? kept : rounded;
}

function formatHex(frame: Frame, value: Value): string | CelError {
  const whole = wholeOf(value);
  if (whole !== undefined) return whole.toString(16);
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  if (!(bytes instanceof Uint8Array)) {
    return wrong('only integers, byte buffers, and strings can be formatted as hex', value);
  }
  labour(frame, traversal(bytes.length));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function formatText(frame: Frame, value: Value, depth: number): string | CelError {
  labour(frame, 1);
  if (depth > MAX_DEPTH) return new CelError('the value is nested too deep to be formatted');
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean' || isInt(value)) return String(value);
  if (value instanceof Uint) return String(value.$value);
  if (value instanceof Double) return special(value) ?? formatDouble(value.$value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof TypeValue) return value.$name;
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (Array.isArray(value))
    return bracketed(
      value.map((item) => formatText(frame, adapt(item), depth + 1)),
      '[',
      ']',
    );
  if (value instanceof CelMap || isJsonMap(value)) return formatMap(frame, value, depth);
  const what = 'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';
  return wrong(`string clause can only be used on ${what}`, value);
}

function formatMap(frame: Frame, map: Value, depth: number): string | CelError {
  const entries: (string | CelError)[] = [];
  for (const key of elementsOf(map) ?? []) {
    const name = formatText(frame, key as Value, depth + 1);
    const held = formatText(frame, readKey(map, key as Value) ?? null, depth + 1);
    entries.push(typeof name === 'string' && typeof held === 'string' ? `${name}: ${held}` : held);
  }
  return bracketed(entries.sort(), '{', '}');
}

const bracketed = (parts: readonly (string | CelError)[], open: string, close: string): string | CelError =>
  parts.find((part) => part instanceof CelError) ?? `${open}${parts.join(', ')}${close}`;
