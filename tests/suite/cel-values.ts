import { Buffer } from 'node:buffer';
import {
  CelMap,
  Double,
  Duration,
  formatCelValue,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '@breakwater/engine/policy';

/** A value as suites write it: nested, with the type of each. */
export interface TypedValue {
  type: string;
  value: unknown;
}

/** Names of types that suites abbreviate. */
const NAMES: Readonly<Record<string, string>> = {
  'net.IP': 'ip',
  'net.CIDR': 'cidr',
  'kubernetes.Quantity': 'quantity',
  'kubernetes.Semver': 'semver',
  'kubernetes.URL': 'url',
  'kubernetes.NamedFormat': 'format',
};

const real = (value: number): unknown => (Number.isFinite(value) && !Object.is(value, -0) ? value : String(value));

/** Writes a value; undefined where it is a failure. */
export function typedValue(value: Value): TypedValue | undefined {
  if (value === null) return { type: 'null', value: null };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'number' || typeof value === 'bigint') return { type: 'int', value: String(value) };
  if (value instanceof Uint) return { type: 'uint', value: String(value.$value) };
  if (value instanceof Double) return { type: 'double', value: real(value.$value) };
  if (value instanceof Uint8Array) return { type: 'bytes', value: Buffer.from(value).toString('base64') };
  if (value instanceof TypeValue) return { type: 'type', value: value.$name };
  if (value instanceof Timestamp || value instanceof Duration)
    return { type: value.$kind, value: formatCelValue(value) };
  if (Array.isArray(value)) return { type: 'list', value: value.map((item: Value) => typedValue(item)) };
  if (value instanceof Optional) {
    return { type: 'optional', value: value.$value === undefined ? null : typedValue(value.$value) };
  }
  if (value instanceof CelMap) return { type: 'map', value: entries([...value.$entries.values()]) };
  const text = formatCelValue(value);
  if (text !== undefined) return { type: NAMES[(value as { $kind: string }).$kind] ?? 'opaque', value: text };
  if ('$kind' in value) return undefined;
  return { type: 'map', value: entries(Object.entries(value)) };
}

/** Entries in the order of their keys, since maps have none. */
function entries(pairs: (readonly [Value, Value])[]): unknown[] {
  const written = pairs.map(([key, value]) => [typedValue(key), typedValue(value)]);
  return written.sort((a, b) => (JSON.stringify(a[0]) < JSON.stringify(b[0]) ? -1 : 1));
}
