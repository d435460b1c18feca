import { isInt } from './numbers.ts';
import { adapt, CelMap, Double, Failure, isJsonMap, Uint, type Value } from './values.ts';

type CanonicalKey = string | number | bigint | boolean;

/** What equal keys have in common: 1, 1u and 1.0 are one. Undefined for what cannot be a key. */
export function canonicalKey(key: Value): CanonicalKey | undefined {
  if (typeof key === 'string' || typeof key === 'boolean' || isInt(key)) return key;
  if (key instanceof Uint) return Number.isSafeInteger(Number(key.$value)) ? Number(key.$value) : key.$value;
  if (!(key instanceof Double) || !Number.isInteger(key.$value)) return undefined;
  return Number.isSafeInteger(key.$value) ? key.$value : BigInt(key.$value);
}

/** The value under a key of a map of either kind; undefined where there is none, or where it is no map. */
export function readKey(map: Value, key: Value): Value | undefined {
  if (map instanceof CelMap) {
    const canonical = canonicalKey(key);
    return canonical === undefined ? undefined : map.$entries.get(canonical)?.[1];
  }
  if (typeof key !== 'string' || !isJsonMap(map) || !Object.hasOwn(map, key)) return undefined;
  const value = map[key];
  return value === undefined ? undefined : adapt(value);
}

/** Adds an entry; false where the key is there already or cannot be one. */
export function addEntry(map: CelMap, key: Value, value: Value): boolean {
  const canonical = canonicalKey(key);
  if (key instanceof Failure || key instanceof Double || canonical === undefined || map.$entries.has(canonical)) {
    return false;
  }
  map.$entries.set(canonical, [key, value]);
  return true;
}

/** Number of entries of a map. */
export function sizeOfMap(map: CelMap | Record<string, unknown>): number {
  if (map instanceof CelMap) return map.$entries.size;
  let count = 0;
  for (const value of Object.values(map)) if (value !== undefined) count++;
  return count;
}
