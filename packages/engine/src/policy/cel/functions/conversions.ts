import { NOMINAL, recode } from '../cost/prices.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { int, intFromDouble, isInt, uint } from '../numbers.ts';
import { duration, formatDuration, formatTimestamp, parseDuration, parseTimestamp, timestamp } from '../time.ts';
import { A, BOOL, BYTES, type CelType, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP, typeOf, UINT } from '../types.ts';
import {
  CelError,
  Double,
  Duration,
  kindOf,
  noSuchOverload,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '../values.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

const INTEGER = /^[+-]?[0-9]{1,20}$/;
const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

const invalid = (type: string, text: string): CelError =>
  new CelError(`cannot convert ${JSON.stringify(text.slice(0, 40))} to ${type}`);

function toInt(value: Value): Value {
  if (isInt(value)) return value;
  if (value instanceof Uint) return int(value.$value);
  if (value instanceof Double) return intFromDouble(value.$value);
  if (value instanceof Timestamp) return value.$seconds;
  if (typeof value === 'string')
    return INTEGER.test(value) ? int(BigInt(value.replace(/^\+/, ''))) : invalid('int', value);
  return noSuchOverload('int', value);
}

function toUint(value: Value): Value {
  if (value instanceof Uint) return value;
  if (isInt(value)) return uint(BigInt(value));
  if (value instanceof Double) {
    if (!(value.$value > -1 && value.$value < 2 ** 64)) return new CelError('range error: uint');
    return uint(BigInt(Math.trunc(value.$value)));
  }
  if (typeof value === 'string') return /^[0-9]{1,20}$/.test(value) ? uint(BigInt(value)) : invalid('uint', value);
  return noSuchOverload('uint', value);
}

const SPECIAL = new Map(
  Object.entries({
    nan: Number.NaN,
    inf: Infinity,
    '+inf': Infinity,
    '-inf': -Infinity,
    infinity: Infinity,
    '+infinity': Infinity,
    '-infinity': -Infinity,
  }),
);

function toDouble(value: Value): Value {
  if (value instanceof Double) return value;
  if (isInt(value)) return new Double(Number(value));
  if (value instanceof Uint) return new Double(Number(value.$value));
  if (typeof value !== 'string') return noSuchOverload('double', value);
  const special = SPECIAL.get(value.toLowerCase());
  if (special !== undefined) return new Double(special);
  return DECIMAL.test(value) ? new Double(Number(value)) : invalid('double', value);
}

/** A double as Go prints it: `1`, `0.5`, `1e+21`, `1e-07`. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}

function toText(frame: Frame, value: Value): Value {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || isInt(value)) return String(value);
  if (value instanceof Uint) return String(value.$value);
  if (value instanceof Double) return formatDouble(value.$value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (!(value instanceof Uint8Array)) return noSuchOverload('string', value);
  labour(frame, traversal(value.length));
  try {
    return decoder.decode(value);
  } catch {
    return new CelError('the bytes are not UTF-8');
  }
}

function toBool(value: Value): Value {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return noSuchOverload('bool', value);
  if (['true', 'True', 'TRUE', 't', '1'].includes(value)) return true;
  return ['false', 'False', 'FALSE', 'f', '0'].includes(value) ? false : invalid('bool', value);
}

function toBytes(frame: Frame, value: Value): Value {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'string') return noSuchOverload('bytes', value);
  labour(frame, traversal(value.length));
  return encoder.encode(value);
}

function toTimestamp(value: Value): Value {
  if (value instanceof Timestamp) return value;
  if (typeof value === 'string') return parseTimestamp(value);
  return isInt(value) ? timestamp(Number(value), 0) : noSuchOverload('timestamp', value);
}

function toDuration(value: Value): Value {
  if (value instanceof Duration) return value;
  if (typeof value === 'string') return parseDuration(value);
  return isInt(value) ? duration(BigInt(value) * 1_000_000_000n) : noSuchOverload('duration', value);
}

const typeOfValue = (value: Value): Value => new TypeValue(kindOf(value));

/** A conversion from each of some types. */
const from = (
  name: string,
  result: CelType,
  types: readonly CelType[],
  convert: (frame: Frame, value: Value) => Value,
): FunctionDeclaration[] =>
  types.map((type) => {
    const reads = (type === STRING && result === BYTES) || (type === BYTES && result === STRING);
    const price = reads ? (type === STRING ? recode(1, 4) : recode(0.25, 1)) : NOMINAL;
    return global(name, [type], result, convert, price);
  });

/** `int(x)`, `string(x)` and the like, `type(x)` and `dyn(x)`. */
export const CONVERSIONS: FunctionDeclaration[] = [
  ...from('int', INT, [INT, UINT, DOUBLE, STRING, TIMESTAMP], (_, value) => toInt(value)),
  ...from('uint', UINT, [UINT, INT, DOUBLE, STRING], (_, value) => toUint(value)),
  ...from('double', DOUBLE, [DOUBLE, INT, UINT, STRING], (_, value) => toDouble(value)),
  ...from('string', STRING, [STRING, BOOL, INT, UINT, DOUBLE, BYTES, TIMESTAMP, DURATION], toText),
  ...from('bool', BOOL, [BOOL, STRING], (_, value) => toBool(value)),
  ...from('bytes', BYTES, [BYTES, STRING], toBytes),
  ...from('timestamp', TIMESTAMP, [TIMESTAMP, STRING, INT], (_, value) => toTimestamp(value)),
  ...from('duration', DURATION, [DURATION, STRING, INT], (_, value) => toDuration(value)),
  global('type', [A], typeOf(A), (_, value) => typeOfValue(value)),
  global('dyn', [A], DYN, (_, value) => value),
];
