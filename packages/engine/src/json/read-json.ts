import { isObject, type Json, type JsonObject } from '@breakwater/model';

/** The value as an object, or undefined where it is anything else. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The value as a list; empty where it is none. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; everything else in it is passed over. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  const objects: JsonObject[] = [];
  if (Array.isArray(value)) for (const item of value) if (isObject(item)) objects.push(item);
  return objects;
}

/** The value as text; undefined where it is none. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list; everything else in it is passed over. */
export function textsOf(value: Json | undefined): string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** A field of an object, never one of its prototype. */
export function fieldOf(value: JsonObject | undefined, key: string): Json | undefined {
  return value !== undefined && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What is found by going down the keys; undefined where the way ends early. */
export function fieldAt(value: JsonObject | undefined, ...keys: string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of keys) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** Most objects have no annotations: one map for all of those. */
const NO_LABELS: ReadonlyMap<string, string> = new Map();

/** Labels or annotations as a map: only text values, as the API server holds them. */
export function labelsOf(value: Json | undefined): ReadonlyMap<string, string> {
  if (!isObject(value)) return NO_LABELS;
  const labels = new Map<string, string>();
  for (const name of Object.keys(value)) {
    const text = value[name];
    if (typeof text === 'string') labels.set(name, text);
  }
  return labels;
}
