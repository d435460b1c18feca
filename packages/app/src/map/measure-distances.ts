import type { MapBox, MapLink } from '@breakwater/model';

/**
 * Steps from the boxes where attacks begin, over the given links. A link stands for every pair of
 * its ends, and is gone over once: the work grows with the length of the lists.
 */
export function measureDistances(boxes: readonly MapBox[], links: readonly MapLink[]): Map<string, number> {
  const starts = boxes.filter(({ kind }) => kind === 'origin').map(({ id }) => id);
  const distances = new Map(starts.map((id) => [id, 0]));
  const leaving = new Map<string, MapLink[]>();
  for (const link of links) {
    for (const id of link.from) {
      const known = leaving.get(id);
      if (known === undefined) leaving.set(id, [link]);
      else known.push(link);
    }
  }
  const taken = new Set<MapLink>();
  for (let front = starts, distance = 1; front.length > 0; distance++) {
    const next: string[] = [];
    for (const id of front) {
      for (const link of leaving.get(id) ?? []) {
        if (taken.has(link)) continue;
        taken.add(link);
        for (const to of link.to) {
          if (distances.has(to)) continue;
          distances.set(to, distance);
          next.push(to);
        }
      }
    }
    front = next;
  }
  return distances;
}
