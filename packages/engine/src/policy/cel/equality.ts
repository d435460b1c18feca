import { type Frame, labour, stop } from './frame.ts';
import { readKey } from './maps.ts';
import { compareNumbers } from './numbers.ts';
import {
  adapt,
  type Duration,
  elementsOf,
  kindOf,
  Opaque,
  type Optional,
  type Timestamp,
  type TypeValue,
  type Value,
} from './values.ts';

/** Nesting of values that are compared; what is deeper ends the evaluation. */
const MAX_DEPTH = 500;

/** CEL's equality of two values without failures: numbers by value, different kinds differ, NaN equals nothing. */
export function equals(a: Value, b: Value, frame: Frame, depth = 0): boolean {
  if (depth > MAX_DEPTH) stop();
  if (typeof a !== 'object' && typeof a === typeof b) return a === b;
  const order = compareNumbers(a, b);
  if (order !== null) return order === 0;
  if (a === null || b === null) return a === b;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  switch (kind) {
    case 'list':
      return equalLists(a as readonly unknown[], b as readonly unknown[], frame, depth + 1);
    case 'map':
      return equalMaps(a, b, frame, depth + 1);
    case 'bytes':
      return equalBytes(a as Uint8Array, b as Uint8Array, frame);
    case 'type':
      return (a as TypeValue).$name === (b as TypeValue).$name;
    case 'google.protobuf.Duration':
      return (a as Duration).$nanos === (b as Duration).$nanos;
    case 'google.protobuf.Timestamp':
      return (
        (a as Timestamp).$seconds === (b as Timestamp).$seconds && (a as Timestamp).$nanos === (b as Timestamp).$nanos
      );
    case 'optional_type':
      return equalOptionals((a as Optional).$value, (b as Optional).$value, frame, depth + 1);
    default:
      return a instanceof Opaque && b instanceof Opaque ? a.$equals(b) : a === b;
  }
}

const equalOptionals = (a: Value | undefined, b: Value | undefined, frame: Frame, depth: number): boolean =>
  a === undefined || b === undefined ? a === b : equals(a, b, frame, depth);

function equalLists(a: readonly unknown[], b: readonly unknown[], frame: Frame, depth: number): boolean {
  if (a.length !== b.length) return false;
  labour(frame, a.length);
  for (let index = 0; index < a.length; index++) {
    if (!equals(adapt(a[index]), adapt(b[index]), frame, depth)) return false;
  }
  return true;
}

function equalMaps(a: Value, b: Value, frame: Frame, depth: number): boolean {
  const keys = elementsOf(a) ?? [];
  if (keys.length !== elementsOf(b)?.length) return false;
  labour(frame, keys.length);
  for (const key of keys) {
    const other = readKey(b, key as Value);
    if (other === undefined || !equals(readKey(a, key as Value) ?? null, other, frame, depth)) return false;
  }
  return true;
}

function equalBytes(a: Uint8Array, b: Uint8Array, frame: Frame): boolean {
  labour(frame, a.length / 10);
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
