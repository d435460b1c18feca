import type { JsonFields } from '../json-fields.ts';

/** No JSON has such a name: nobody can send an object that says it is shared. */
const MADE = Symbol('made');

type Shared = JsonFields & { [MADE]?: unknown };

/** Says of an object that many lines share it, and that nobody changes it any more. */
export function markShared(value: unknown): void {
  if (typeof value === 'object' && value !== null) (value as Shared)[MADE] = undefined;
}

/**
 * What `make` makes of an object: once of one that lines share, which all of them then have in common, and each time of
 * another. One `make` an object. What is made is not to be changed.
 */
export function madeOnce<T>(json: JsonFields, make: (json: JsonFields) => T): T {
  const shared = json as Shared;
  if (!(MADE in shared)) return make(json);
  shared[MADE] ??= { made: make(json) };
  return (shared[MADE] as { made: T }).made;
}
