import type { ManifestObject } from './manifest.ts';
import type { Place } from './place.ts';

type Pointer = readonly (string | number)[];

/**
 * Where a field of an object stands in its file. For an object as written that is the field itself; for one that was
 * translated from another platform, what says it there: the origin of the field, or of the nearest field that holds it.
 */
export function writtenPlace({ place, translation }: Pick<ManifestObject, 'place' | 'translation'>, pointer: Pointer): Place {
  if (translation === undefined) return { ...place, pointer: [...(place.pointer ?? []), ...pointer] };
  let best: { depth: number; place: Place } = { depth: -1, place };
  for (const origin of translation.origins) {
    const depth = origin.pointer.length;
    if (depth > best.depth && depth <= pointer.length && origin.pointer.every((step, at) => step === pointer[at])) {
      best = { depth, place: origin.place };
    }
  }
  return best.place;
}
