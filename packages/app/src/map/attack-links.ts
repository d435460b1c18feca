import { digest } from '@breakwater/engine/network';
import { edgeOdds, workloadNode } from '@breakwater/engine/risk';
import type { AttackEdge, AttackGraph, AttackNode, MapBox, MapLink, PathStep, RankedWorkload } from '@breakwater/model';

/** Workloads whose likeliest ways are drawn, the riskiest first. */
const MOST_WORKLOADS = 200;

/** The ways of attackers as links between boxes, and the boxes that only they lead to. */
export interface AttackWays {
  boxes: MapBox[];
  links: MapLink[];
}

/**
 * The likeliest ways in to workloads and on from them, joined by the boxes between which they lead. `boxOf` gives the
 * box of a workload.
 */
export function attackLinks(
  graph: AttackGraph,
  ranked: readonly RankedWorkload[],
  boxOf: (workload: string) => string | undefined,
): AttackWays {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const origins = new Map(graph.nodes.filter(({ kind }) => kind === 'origin').map(({ id, label }) => [label, id]));
  const boxes = new Map<string, MapBox>();
  const links = new Map<string, MapLink & { workloads: Set<string> }>();
  const place = (id: string): string | undefined => {
    const workload = workloadIn(id);
    if (workload !== undefined) return boxOf(workload);
    const node = nodes.get(id);
    if (node === undefined) return undefined;
    const box = boxFor(node);
    if (box === undefined) return undefined;
    const known = boxes.get(box.id);
    boxes.set(box.id, known === undefined ? box : { ...known, points: known.points + node.value });
    return box.id;
  };
  const seen = new Map<string, string | undefined>();
  const placed = (id: string): string | undefined => {
    if (!seen.has(id)) seen.set(id, place(id));
    return seen.get(id);
  };
  const follow = (workload: string, start: string | undefined, steps: readonly PathStep[]) => {
    let from = start === undefined ? undefined : placed(start);
    for (const step of steps) {
      const edge = edges.get(step.edge);
      if (edge === undefined) return;
      const to = placed(workloadNode(edge.to));
      if (to === undefined) continue;
      if (from !== undefined && from !== to) addStep(links, { from, to, step, edge, workload });
      from = to;
    }
  };
  for (const { id, path, onward } of ranked.filter(({ loss }) => loss > 0).slice(0, MOST_WORKLOADS)) {
    follow(id, origins.get(path[0]?.from ?? ''), path);
    follow(id, `workload:${id}`, onward);
  }
  return {
    boxes: [...boxes.values()],
    links: [...links.values()].map(({ workloads, ...link }) => ({ ...link, ways: workloads.size })),
  };
}

interface Step {
  from: string;
  to: string;
  step: PathStep;
  edge: AttackEdge;
  workload: string;
}

/** The likeliest step between two boxes tells how. */
function addStep(
  links: Map<string, MapLink & { workloads: Set<string> }>,
  { from, to, step, edge, workload }: Step,
): void {
  const key = `${from} ${to}`;
  const known = links.get(key);
  const probability = Math.min(1, step.probability, edgeOdds(edge));
  if (known !== undefined && (known.probability ?? 0) >= probability) {
    known.workloads.add(workload);
    return;
  }
  links.set(key, {
    id: `w-${digest(key)}`,
    kind: 'attack',
    from: [from],
    to: [to],
    phrase: step.phrase,
    reason: step.reason,
    probability,
    places: edge.places,
    workloads: (known?.workloads ?? new Set()).add(workload),
  });
}

/** The workload that a node is, or that callers at its door come to. */
function workloadIn(node: string): string | undefined {
  if (node.startsWith('workload:')) return node.slice('workload:'.length);
  if (!node.startsWith('hub:door/')) return undefined;
  return node.slice('hub:door/'.length, node.lastIndexOf('/'));
}

/** Hubs that only join others are no boxes. */
function boxFor({ id, kind, label, value }: AttackNode): MapBox | undefined {
  const base = { cluster: '', namespace: '', points: value, workloads: [], notes: [] };
  if (kind === 'origin') return { ...base, id, kind: 'origin', label, distance: 0 };
  if (id.startsWith('hub:network/')) return { ...base, id: 'network', kind: 'origin', label: 'Network of the nodes' };
  if (kind === 'node' || kind === 'identity') return { ...base, id, kind, label };
  return kind === 'asset' ? { ...base, id, kind: 'asset', label, ...familyOf(id) } : undefined;
}

/** Assets of one kind are one box: those of a namespace, or of a cluster where they are in none. The control plane is its own. */
function familyOf(id: string): Partial<MapBox> {
  const [, cluster = '', namespace = '', kind] =
    /^asset:(.*)\/([^/]*)\/(Secret|PersistentVolumeClaim)\/[^/]*$/.exec(id) ?? [];
  if (kind !== undefined) {
    const words = kind === 'Secret' ? 'secrets' : 'volumes';
    return { id: `asset:${cluster}/${namespace}/${words}`, label: `${words} of ${namespace}`, cluster, namespace };
  }
  const [, owner = '', family] = /^asset:(.*)\/(written|cloud-role)\/.*$/.exec(id) ?? [];
  if (family === undefined) return {};
  const label = family === 'written' ? 'secrets in plain text' : 'roles in clouds';
  return { id: `asset:${owner}/${family}`, label, cluster: owner };
}
