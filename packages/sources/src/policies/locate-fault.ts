import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Place, Unknown } from '@breakwater/model';
import { locateField } from '../manifests/locate-field.ts';

/** Adds line and column to faults that were found after reading, when policies were compiled: reads the file again. */
export function locateFaults(unknowns: readonly Unknown[]): Unknown[] {
  return unknowns.map((unknown) => ({ ...unknown, place: locate(unknown.place) }));
}

function locate(place: Place): Place {
  if (place.pointer === undefined) return place;
  try {
    const text = readFileSync(resolve(place.source), 'utf8');
    return { ...place, ...locateField(text, place.document ?? 0, place.pointer) };
  } catch {
    return place;
  }
}
