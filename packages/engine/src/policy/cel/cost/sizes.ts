import { readKey, sizeOfMap } from '../maps.ts';
import { codePointLength, utf8Length } from '../strings.ts';
import { adapt, CelMap, elementsOf, isJsonMap, Opaque, type Value } from '../values.ts';

/** What `size()` says of a value, 1 for what has no size: the quantity that prices are made of. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return codePointLength(value);
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof CelMap || isJsonMap(value)) return sizeOfMap(value);
  return value instanceof Opaque ? value.$size : 1;
}

const MAX_DEPTH = 100;

/** Units for reading a value to its leaves: a tenth for a character, one for everything else. */
export function sizeToLeaves(value: Value, depth = 0): number {
  if (depth > MAX_DEPTH) return 1;
  if (typeof value === 'string') return Math.floor(utf8Length(value) * 0.1);
  if (value instanceof Uint8Array) return Math.floor(value.length * 0.1);
  if (Array.isArray(value)) {
    let units = 0;
    for (const element of value) units += typeof element === 'number' ? 1 : sizeToLeaves(adapt(element), depth + 1);
    return units;
  }
  if (!(value instanceof CelMap) && !isJsonMap(value)) return 1;
  let units = 0;
  for (const key of elementsOf(value) ?? []) {
    const held = readKey(value, key as Value) ?? null;
    units += sizeToLeaves(key as Value, depth + 1) + sizeToLeaves(held, depth + 1);
  }
  return units;
}
