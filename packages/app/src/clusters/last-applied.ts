import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { isJsonObject, objectsAt, textsAt } from './live-index.ts';

const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether a live object tells who manages its fields: then a field that nobody manages is the server's own. */
export function tellsManagers({ object }: ManifestObject): boolean {
  return objectsAt(object, 'metadata', 'managedFields').some(({ fieldsV1 }) => isJsonObject(fieldsV1));
}

/**
 * Whether `kubectl apply` was given the field at a pointer of the live object. It is said to manage what the server
 * completed too; its own copy of what it was given tells them apart. Undefined where there is no such copy.
 */
export function wasApplied(live: ManifestObject, pointer: readonly (string | number)[]): boolean | undefined {
  const given = readCopy(textsAt(live.object, 'metadata', 'annotations')[COPY]);
  if (given === undefined) return undefined;
  let there: Json | undefined = live.object;
  let copy: Json | undefined = given;
  for (const step of pointer) {
    if (typeof step === 'number') {
      const item: Json | undefined = Array.isArray(there) ? there[step] : undefined;
      copy = Array.isArray(copy) ? sameItem(copy, item, step) : undefined;
      there = item;
    } else {
      copy = isJsonObject(copy) && Object.hasOwn(copy, step) ? copy[step] : undefined;
      there = isJsonObject(there) ? there[step] : undefined;
    }
    if (copy === undefined) return false;
  }
  return true;
}

/** The item of a list that an item of another is: by its name, else by its place. */
function sameItem(list: Json[], item: Json | undefined, index: number): Json | undefined {
  const name = isJsonObject(item) ? item['name'] : undefined;
  if (name === undefined) return list[index];
  return list.find((other) => isJsonObject(other) && other['name'] === name);
}

function readCopy(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value as Json) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
