import type { EstateMap, MapBox, MapLink } from '@breakwater/model';

/** Groups of workloads up to which each is a box of its own; above, namespaces are. */
export const MOST_GROUPS = 40;

type Picture = Pick<EstateMap, 'boxes' | 'links'>;

/**
 * The same map with a box for each namespace; what is open to the outside stays apart, so that it is seen what is touched
 * first. Links between the same namespaces that say the same are one, under the id of the first.
 */
export function groupNamespaces<Drawn extends Picture>(map: Drawn): Drawn {
  const open = new Set(map.links.flatMap(({ kind, to }) => (kind === 'entry' ? to : [])));
  const groups = new Map<string, MapBox[]>();
  const groupOf = new Map<string, string>();
  for (const box of map.boxes) {
    if (box.kind !== 'workloads') continue;
    const id = `namespace:${open.has(box.id) ? 'open:' : ''}${box.cluster}/${box.namespace}`;
    groupOf.set(box.id, id);
    groups.set(id, [...(groups.get(id) ?? []), box]);
  }
  return {
    ...map,
    boxes: [
      ...map.boxes.filter(({ kind }) => kind !== 'workloads'),
      ...[...groups].map(([id, members]) => joinBoxes(id, members, groups)),
    ],
    links: joinLinks(map.links, (id) => groupOf.get(id) ?? id),
  };
}

function joinBoxes(id: string, members: readonly MapBox[], groups: ReadonlyMap<string, MapBox[]>): MapBox {
  const [{ cluster, namespace }] = members as [MapBox, ...MapBox[]];
  const isOpen = id.startsWith('namespace:open:');
  const isSplit = isOpen && groups.has(id.replace('open:', ''));
  const nearest = (steps: (number | undefined)[]) => Math.min(...steps.flatMap((step) => step ?? []));
  const distance = nearest(members.map((box) => box.distance));
  const attackDistance = nearest(members.map((box) => box.attackDistance));
  return {
    id,
    kind: 'workloads',
    label: isSplit ? `${namespace}, what is open` : namespace,
    cluster,
    namespace: '',
    points: Math.max(...members.map(({ points }) => points)),
    workloads: members.flatMap(({ workloads }) => workloads).sort((a, b) => b.loss - a.loss),
    notes: [...new Set(members.flatMap(({ notes }) => notes))],
    ...(Number.isFinite(distance) ? { distance } : {}),
    ...(Number.isFinite(attackDistance) ? { attackDistance } : {}),
  };
}

function joinLinks(links: readonly MapLink[], groupOf: (id: string) => string): MapLink[] {
  const joined = new Map<string, MapLink>();
  for (const link of links) {
    const from = [...new Set(link.from.map(groupOf))].sort();
    const to = [...new Set(link.to.map(groupOf))].sort();
    if (link.kind === 'attack' && from[0] === to[0]) continue;
    const key = JSON.stringify([link.kind, from, to, link.kind === 'attack' ? '' : [link.phrase, link.reason]]);
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { ...link, from, to });
    else if (link.kind === 'attack') joined.set(key, likelier(known, { ...link, from, to }));
  }
  return [...joined.values()];
}

/** The likelier of two steps tells how; the ways over both are counted. */
function likelier(a: MapLink, b: MapLink): MapLink {
  const best = (b.probability ?? 0) > (a.probability ?? 0) ? b : a;
  return { ...best, ways: (a.ways ?? 1) + (b.ways ?? 1) };
}
