import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { isJsonObject, objectsAt, textAt } from './live-index.ts';

/** Who manages a field, and when it was last written. */
export interface FieldOwner {
  manager: string;
  at?: string;
}

/** Who last wrote the field at a pointer of a live object, by its `managedFields`; undefined where nobody is named. */
export function fieldOwner({ object }: ManifestObject, pointer: readonly (string | number)[]): FieldOwner | undefined {
  const owners = objectsAt(object, 'metadata', 'managedFields')
    .filter(({ fieldsV1 }) => isJsonObject(fieldsV1) && holds(fieldsV1, object, pointer))
    .map((entry) => ({ manager: textAt(entry, 'manager') ?? '', at: textAt(entry, 'time') }))
    .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  const [last] = owners;
  return last && { manager: last.manager, ...(last.at ? { at: last.at } : {}) };
}

/** Whether a set of fields has a pointer among it: a list or an object that is owned as a whole owns what is in it. */
function holds(fields: JsonObject, value: Json | undefined, pointer: readonly (string | number)[]): boolean {
  let node: JsonObject = fields;
  let at = value;
  for (const step of pointer) {
    const inner = childOf(node, at, step);
    if (inner === undefined) return Object.keys(node).length === 0 && node !== fields;
    node = inner;
    at = Array.isArray(at) && typeof step === 'number' ? at[step] : isJsonObject(at) ? at[step] : undefined;
  }
  return true;
}

function childOf(node: JsonObject, value: Json | undefined, step: string | number): JsonObject | undefined {
  if (typeof step === 'string') return objectAt(node, `f:${step}`);
  const item = Array.isArray(value) ? value[step] : undefined;
  for (const [key, inner] of Object.entries(node)) {
    if (key.startsWith('k:') && isJsonObject(item) && matches(key.slice(2), item))
      return isJsonObject(inner) ? inner : {};
    if (key.startsWith('v:') && key.slice(2) === JSON.stringify(item)) return {};
  }
  return objectAt(node, `i:${step}`);
}

function objectAt(node: JsonObject, key: string): JsonObject | undefined {
  const found = Object.hasOwn(node, key) ? node[key] : undefined;
  return isJsonObject(found) ? found : undefined;
}

function matches(text: string, item: JsonObject): boolean {
  try {
    const keys: unknown = JSON.parse(text);
    return (
      isJsonObject(keys as Json) && Object.entries(keys as JsonObject).every(([key, value]) => item[key] === value)
    );
  } catch {
    return false;
  }
}
