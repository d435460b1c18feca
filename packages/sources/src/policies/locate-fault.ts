import type { Unknown } from '@breakwater/model';
import { locatePlaces } from '../manifests/locate-places.ts';

/** Adds line and column to faults of policies, found by schema or when they were compiled: reads their files again. */
export async function locateFaults(unknowns: readonly Unknown[]): Promise<Unknown[]> {
  const places = await locatePlaces(unknowns.map(({ place }) => place));
  return unknowns.map((unknown, index) => ({ ...unknown, place: places[index] ?? unknown.place }));
}
