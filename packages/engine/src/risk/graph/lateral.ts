import type { ReachGroup, Unknown, Workload } from '@breakwater/model';
import { runningContainers } from '../../inventory/running-containers.ts';
import { digest } from '../../network/index.ts';
import type { EstateFacts } from './facts.ts';
import type { EdgeDraft, GraphBuilder } from './graph-builder.ts';
import { nodeId } from './names.ts';

/** Memberships of groups that are drawn one by one; above it sources count by namespace. */
const EXACT_LIMIT = 400_000;

const overNetwork = 'over the cluster’s network';

/** Who reaches whom for certain, as far as is known, and at most. */
interface Reached {
  groups: readonly ReachGroup[];
  /** Where policies are not evaluated: see `ReachabilityFacts`. */
  least: readonly ReachGroup[];
  most: readonly ReachGroup[];
}

/** How sure a way is: open, open as far as is known, or closed as far as is known. */
type Certainty = 'open' | 'doubted' | 'possible';

const chances: Record<Certainty, Pick<EdgeDraft, 'probability' | 'range'>> = {
  open: {},
  doubted: { range: [0, 1] },
  possible: { probability: 0, range: [0, 1] },
};

const notEvaluated = 'there are network policies that are not evaluated';

/**
 * From each foothold to the doors that the network lets it reach. Sources that reach the same doors meet in a hub, so
 * edges grow with the members of groups, never with pairs. Returns an unknown when even that is too many.
 */
export function addLateral(builder: GraphBuilder, { reachability, workloads: all }: EstateFacts): Unknown[] {
  const { groups } = reachability;
  const reached = {
    groups,
    least: reachability.least?.groups ?? groups,
    most: reachability.most?.groups ?? groups,
  };
  const workloads = new Map(all.map((workload) => [workload.id, workload]));
  const sources = new Set([...groups, ...reached.most].map(({ from }) => from));
  const memberships = [...sources].reduce((sum, from) => sum + from.length, 0);
  if (memberships <= EXACT_LIMIT) {
    const hubs = new Map<readonly string[], string>();
    const add = (some: readonly ReachGroup[], certainty: Certainty) => {
      for (const group of some) addGroup(builder, group, certainty, workloads, hubs);
    };
    add(reached.least, 'open');
    if (reached.least !== groups) add(groups, 'doubted');
    if (reached.most !== groups) add(reached.most, 'possible');
    return [];
  }
  addByNamespace(builder, reached, workloads);
  return [approximated(memberships, groups)];
}

function addGroup(
  builder: GraphBuilder,
  group: ReachGroup,
  certainty: Certainty,
  workloads: ReadonlyMap<string, Workload>,
  hubs: Map<readonly string[], string>,
): void {
  const source = sourceHub(builder, group.from, hubs);
  for (const target of group.to) {
    if (group.from.length === 1 && group.from[0] === target) continue;
    for (const door of doorsOf(workloads.get(target), group.ports))
      builder.edge({
        id: `reach|${source}|${door}`,
        from: source,
        to: door,
        kind: 'reach',
        ...chances[certainty],
        phrase: overNetwork,
        reason: certainty === 'open' ? group.reason : `${group.reason}; ${notEvaluated}`,
        places: group.places,
      });
  }
}

/** The hub of a list of sources, or the only source itself. */
function sourceHub(builder: GraphBuilder, from: readonly string[], hubs: Map<readonly string[], string>): string {
  if (from.length === 1) return nodeId.workload(from[0]!);
  const known = hubs.get(from);
  if (known !== undefined) return known;
  const hub = `hub:reach/${digest([...from].sort().join('\n'))}`;
  hubs.set(from, hub);
  if (builder.has(hub)) return hub;
  builder.node(hub, 'hub', `the network of ${from.length} workloads`);
  for (const id of from) builder.edge(joining(id, hub));
  return hub;
}

function joining(workload: string, hub: string): EdgeDraft {
  const from = nodeId.workload(workload);
  return {
    id: `joins|${workload}|${hub}`,
    from,
    to: hub,
    kind: 'reach',
    phrase: overNetwork,
    reason: 'its traffic may leave it',
  };
}

function doorsOf(workload: Workload | undefined, ports: ReachGroup['ports']): string[] {
  if (workload === undefined) return [];
  const containers = runningContainers(workload).filter(
    (container) =>
      ports.length === 0 ||
      container.ports.length === 0 ||
      container.ports.some(({ containerPort, protocol }) =>
        ports.some((range) => range.protocol === protocol && range.from <= containerPort && containerPort <= range.to),
      ),
  );
  return containers.map(({ name }) => nodeId.door(workload.id, name));
}

/** Each door keeps exactly the namespaces that reach it; the share of their workloads that do is the probability. */
function addByNamespace(builder: GraphBuilder, reached: Reached, workloads: ReadonlyMap<string, Workload>): void {
  const namespaces = new NamespaceHubs(builder, workloads);
  const known = doorCounts(reached.groups, namespaces, workloads);
  const least = reached.least === reached.groups ? known : doorCounts(reached.least, namespaces, workloads);
  const most = reached.most === reached.groups ? known : doorCounts(reached.most, namespaces, workloads);
  for (const door of new Set([...known.keys(), ...most.keys()]))
    for (const [position, { hub, size }] of namespaces.hubs.entries()) {
      const [low, share, high] = [least, known, most].map((counts) =>
        Math.min(1, (counts.get(door)?.counts[position] ?? 0) / size),
      ) as [number, number, number];
      if (share === 0 && high === 0) continue;
      builder.edge({
        id: `reach|${hub}|${door}`,
        from: hub,
        to: door,
        kind: 'reach',
        probability: share,
        ...(low === high ? {} : { range: [low, high] }),
        phrase: overNetwork,
        reason: (known.get(door) ?? most.get(door))!.reason,
      });
    }
}

/** Of each door: how many workloads of each namespace reach it. */
function doorCounts(
  groups: readonly ReachGroup[],
  namespaces: NamespaceHubs,
  workloads: ReadonlyMap<string, Workload>,
): Map<string, { counts: Float64Array; reason: string }> {
  const doors = new Map<string, { counts: Float64Array; reason: string }>();
  for (const group of groups) {
    const counts = namespaces.count(group.from);
    for (const target of group.to)
      for (const door of doorsOf(workloads.get(target), group.ports)) {
        const known = doors.get(door);
        if (known === undefined) doors.set(door, { counts: counts.slice(), reason: group.reason });
        else for (let hub = 0; hub < counts.length; hub++) known.counts[hub]! += counts[hub]!;
      }
  }
  return doors;
}

/** A hub for the workloads of each namespace, and how many of a list of sources are in each. */
class NamespaceHubs {
  readonly hubs: { hub: string; size: number }[] = [];
  readonly #positionOf = new Map<string, number>();
  readonly #counts = new Map<readonly string[], Float64Array>();

  constructor(builder: GraphBuilder, workloads: ReadonlyMap<string, Workload>) {
    const positions = new Map<string, number>();
    for (const [id, { cluster, namespace }] of workloads) {
      const hub = `hub:reach/${cluster}/${namespace}`;
      const position = positions.get(hub) ?? this.hubs.push({ hub, size: 0 }) - 1;
      positions.set(hub, position);
      this.hubs[position]!.size += 1;
      this.#positionOf.set(id, position);
      builder.node(hub, 'hub', `the network of ${namespace}`);
      builder.edge(joining(id, hub));
    }
  }

  count(from: readonly string[]): Float64Array {
    let counts = this.#counts.get(from);
    if (counts === undefined) {
      counts = new Float64Array(this.hubs.length);
      for (const id of from) {
        const position = this.#positionOf.get(id);
        if (position !== undefined) counts[position]! += 1;
      }
      this.#counts.set(from, counts);
    }
    return counts;
  }
}

function approximated(memberships: number, groups: readonly ReachGroup[]): Unknown {
  return {
    code: 'reach-approximated',
    message: `The network policies tell ${memberships} memberships apart: for the ranking, the sources of each connection are counted by namespace.`,
    place: groups[0]?.places[0] ?? { source: 'network' },
  };
}
