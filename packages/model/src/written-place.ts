import type { ManifestObject } from './manifest.ts';
import type { Place } from './place.ts';

type Pointer = readonly (string | number)[];

/**
 * Where a field of an object stands in its file. For an object as written that is the field itself; for one that was
 * translated from another platform, what says it there: the origin of the field, of the first item of a list, or of the
 * nearest field that holds it.
 */
export function writtenPlace(
  { place, translation }: Pick<ManifestObject, 'place' | 'translation'>,
  pointer: Pointer,
): Place {
  if (translation === undefined) return { ...place, pointer: [...(place.pointer ?? []), ...pointer] };
  let best = { depth: -1, place };
  let item: Place | undefined;
  for (const origin of translation.origins) {
    const depth = origin.pointer.length;
    const shared = Math.min(depth, pointer.length);
    if (!origin.pointer.slice(0, shared).every((step, at) => step === pointer[at])) continue;
    if (depth <= pointer.length && depth >= best.depth) best = { depth, place: origin.place };
    else if (depth === pointer.length + 1 && typeof origin.pointer.at(-1) === 'number') item ??= origin.place;
  }
  return best.depth === pointer.length ? best.place : (item ?? best.place);
}
