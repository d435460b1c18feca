import type { PolicyResult } from '@breakwater/model';
import { locatePlaces } from '@breakwater/sources/manifests';

/** Results with line and column of the fields at fault: for what is shown to people. */
export async function locateResults(results: readonly PolicyResult[]): Promise<PolicyResult[]> {
  const placed = results.filter(({ place }) => place !== undefined);
  const places = await locatePlaces(placed.flatMap(({ place }) => place ?? []));
  const located = new Map(placed.map((result, index) => [result, places[index]]));
  return results.map((result) => {
    const place = located.get(result);
    return place === undefined ? result : { ...result, place };
  });
}
