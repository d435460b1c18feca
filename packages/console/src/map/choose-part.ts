import type { EstateMap, MapBox, MapLink } from '@breakwater/model';
import type { Scope } from '../client/scope.ts';

/** What of the map is looked at: the likeliest ways of attackers, or all that is allowed. */
export type MapMode = 'ways' | 'allowed';

/** The boxes and links of one mode within a scope. */
export interface MapPart {
  boxes: MapBox[];
  links: MapLink[];
}

/**
 * Keeps the workloads of a scope with what leads to them and from them. Boxes that are no workloads stay where one of
 * these links touches them.
 */
export function choosePart({ boxes, links }: EstateMap, mode: MapMode, scope: Scope): MapPart {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const isInside = (id: string) => {
    const box = byId.get(id);
    return box?.kind === 'workloads' && isInScope(box, scope);
  };
  const isWhole = scope.cluster === undefined && scope.namespace === undefined;
  const kept = links.filter(
    (link) =>
      (link.kind === 'attack') === (mode === 'ways') && (isWhole || link.from.some(isInside) || link.to.some(isInside)),
  );
  const touched = new Set(kept.flatMap(({ from, to }) => [...from, ...to]));
  return {
    links: kept,
    boxes: boxes.filter((box) => {
      if (box.kind === 'outside') return false;
      if (box.kind === 'workloads' && mode === 'allowed') return isInScope(box, scope);
      return touched.has(box.id);
    }),
  };
}

const isInScope = (box: MapBox, { cluster, namespace }: Scope): boolean =>
  (cluster === undefined || cluster === box.cluster) && (namespace === undefined || namespace === box.namespace);
