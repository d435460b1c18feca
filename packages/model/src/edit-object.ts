import type { ObjectEdit } from './change.ts';
import { isObject } from './is-object.ts';
import type { Json, JsonObject } from './manifest.ts';

/** An edit without the object it is meant for. */
export type FieldEdit = Pick<ObjectEdit, 'operation' | 'pointer' | 'value'>;

/**
 * What edits mean: the object with every `set` applied in order and every `remove` after them. Indexes refer to the list as
 * read, so several items of one list can go at once; an index at its end appends. Parents that are missing, or are no
 * containers, are made. Only what changes is copied. A pointer through `__proto__` does nothing.
 */
export function editObject(object: JsonObject, edits: readonly FieldEdit[]): JsonObject {
  const safe = edits.filter(({ pointer }) => pointer.length > 0 && !pointer.includes('__proto__'));
  const sets = safe.filter(({ operation, value }) => operation === 'set' && value !== undefined);
  const removes = safe
    .filter(({ operation }) => operation === 'remove')
    .sort((a, b) => laterFirst(a.pointer, b.pointer));
  let result: Json = object;
  for (const { pointer, value } of sets) result = setAt(result, pointer, value!);
  for (const { pointer } of removes) result = removeAt(result, pointer);
  return result as JsonObject;
}

type Pointer = readonly (string | number)[];

/** Orders pointers so that removing one after the other leaves the indexes of those to come as they were. */
export function laterFirst(a: Pointer, b: Pointer): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const left = a[at]!;
    const right = b[at]!;
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return right - left;
    return String(left) < String(right) ? 1 : -1;
  }
  return b.length - a.length;
}

function setAt(value: Json | undefined, pointer: Pointer, set: Json): Json {
  const [key, ...rest] = pointer;
  if (key === undefined) return set;
  if (typeof key === 'number' && (Array.isArray(value) || !isObject(value))) {
    const list = Array.isArray(value) ? [...value] : [];
    const at = Math.min(Math.max(key, 0), list.length);
    list[at] = setAt(list[at], rest, set);
    return list;
  }
  const name = String(key);
  const fields = isObject(value) ? value : {};
  return { ...fields, [name]: setAt(Object.hasOwn(fields, name) ? fields[name] : undefined, rest, set) };
}

function removeAt(value: Json, pointer: Pointer): Json {
  const [key, ...rest] = pointer;
  if (Array.isArray(value)) {
    if (typeof key !== 'number' || !(key in value)) return value;
    return rest.length === 0 ? value.toSpliced(key, 1) : value.with(key, removeAt(value[key]!, rest));
  }
  const name = String(key);
  if (!isObject(value) || !Object.hasOwn(value, name)) return value;
  if (rest.length > 0) return { ...value, [name]: removeAt(value[name]!, rest) };
  const { [name]: _removed, ...others } = value;
  return others;
}
