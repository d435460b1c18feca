import type { Json, JsonObject } from '@breakwater/model';

/** The object under a key, made where there is none. */
export function objectIn(parent: JsonObject, key: string): JsonObject {
  const known = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return known;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}

/** The list at the end of a path, made with all above it where there is none. */
export function listIn(root: JsonObject, path: readonly string[]): Json[] {
  const parent = path.slice(0, -1).reduce(objectIn, root);
  const key = path.at(-1)!;
  const known = parent[key];
  if (Array.isArray(known)) return known;
  const made: Json[] = [];
  parent[key] = made;
  return made;
}

/** Sets the field at the end of a path, below objects that are made as needed. */
export function setIn(root: JsonObject, path: readonly string[], value: Json): void {
  path.slice(0, -1).reduce(objectIn, root)[path.at(-1)!] = value;
}
