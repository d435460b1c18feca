import type { Json, JsonObject } from './manifest.ts';

type Pointer = readonly (string | number)[];

/**
 * The same field in another variant of an object. Indexes were counted in `reference`; in `target` an item may stand
 * elsewhere, so items are found again by what tells them apart (name and mount path of objects, the value of texts).
 * Undefined where the target has no such item: then an edit of it has nothing to do there.
 */
export function alignPointer(
  reference: JsonObject,
  target: JsonObject,
  pointer: Pointer,
): (string | number)[] | undefined {
  const aligned: (string | number)[] = [];
  let from: Json | undefined = reference;
  let to: Json | undefined = target;
  for (const step of pointer) {
    const index: string | number | undefined = alignStep(from, to, step);
    if (index === undefined) return undefined;
    aligned.push(index);
    from = valueAt(from, step);
    to = valueAt(to, index);
  }
  return aligned;
}

function alignStep(from: Json | undefined, to: Json | undefined, step: string | number): string | number | undefined {
  if (typeof step !== 'number' || !Array.isArray(from)) return step;
  const item = from[step];
  if (item === undefined) return Array.isArray(to) ? to.length : 0;
  if (!Array.isArray(to)) return undefined;
  const identity = identityOf(item);
  if (identity === undefined) return step < to.length ? step : undefined;
  const found = to.findIndex((candidate) => identityOf(candidate) === identity);
  return found === -1 ? undefined : found;
}

/* JSON, so that no two identities collide; undefined for what has no name of its own. */
function identityOf(item: Json): string | undefined {
  if (Array.isArray(item)) return undefined;
  if (typeof item !== 'object' || item === null) return JSON.stringify(item);
  const parts = [item['name'], item['mountPath'], item['containerPort'] ?? item['port']];
  return parts.every((part) => part === undefined) ? undefined : JSON.stringify(parts);
}

function valueAt(value: Json | undefined, step: string | number): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
}
