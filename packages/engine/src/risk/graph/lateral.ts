import type { ReachGroup, Unknown, Workload } from '@breakwater/model';
import { digest } from '../../network/index.ts';
import { runningContainers } from './doors.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId } from './names.ts';

/** Memberships of groups that are drawn one by one; above it sources count by namespace. */
const EXACT_LIMIT = 400_000;

/**
 * From each foothold to the doors that the network lets it reach. Sources that reach the same doors meet in a hub, so
 * edges grow with the members of groups, never with pairs. Returns an unknown when even that is too many.
 */
export function addLateral(builder: GraphBuilder, facts: EstateFacts): Unknown[] {
  const { groups } = facts.reachability;
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const sources = new Set(groups.map(({ from }) => from));
  const memberships = [...sources].reduce((sum, from) => sum + from.length, 0);
  if (memberships <= EXACT_LIMIT) {
    const hubs = new Map<readonly string[], string>();
    for (const group of groups) addGroup(builder, group, workloads, hubs);
    return [];
  }
  addByNamespace(builder, groups, workloads);
  return [approximated(memberships, facts)];
}

function addGroup(
  builder: GraphBuilder,
  group: ReachGroup,
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
        phrase: 'over the cluster’s network',
        reason: group.reason,
        places: group.places,
      });
  }
}

/** The hub of a list of sources, or the only source itself. */
function sourceHub(builder: GraphBuilder, from: readonly string[], hubs: Map<readonly string[], string>): string {
  if (from.length === 1) return nodeId.workload(from[0]!);
  const known = hubs.get(from);
  if (known !== undefined) return known;
  const hub = `hub:reach/${digest(from.join('\n'))}`;
  hubs.set(from, hub);
  if (builder.has(hub)) return hub;
  builder.node(hub, 'hub', `the network of ${from.length} workloads`);
  for (const id of from)
    builder.edge({
      id: `joins|${id}|${hub}`,
      from: nodeId.workload(id),
      to: hub,
      kind: 'reach',
      phrase: 'over the cluster’s network',
      reason: 'its traffic may leave it',
    });
  return hub;
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
function addByNamespace(
  builder: GraphBuilder,
  groups: readonly ReachGroup[],
  workloads: ReadonlyMap<string, Workload>,
): void {
  const sizes = new Map<string, number>();
  for (const workload of workloads.values()) {
    const hub = namespaceHub(builder, workload);
    sizes.set(hub, (sizes.get(hub) ?? 0) + 1);
  }
  const counts = new Map<readonly string[], Map<string, number>>();
  const shares = new Map<string, Map<string, { count: number; reason: string }>>();
  for (const group of groups) {
    let byHub = counts.get(group.from);
    if (byHub === undefined) {
      byHub = countByHub(group.from, workloads);
      counts.set(group.from, byHub);
    }
    for (const target of group.to)
      for (const door of doorsOf(workloads.get(target), group.ports)) {
        const known = shares.get(door) ?? new Map<string, { count: number; reason: string }>();
        shares.set(door, known);
        for (const [hub, count] of byHub)
          known.set(hub, { count: (known.get(hub)?.count ?? 0) + count, reason: group.reason });
      }
  }
  for (const [door, byHub] of shares)
    for (const [hub, { count, reason }] of byHub) {
      const probability = Math.min(1, count / sizes.get(hub)!);
      builder.edge({
        id: `reach|${hub}|${door}`,
        from: hub,
        to: door,
        kind: 'reach',
        probability,
        phrase: 'over the cluster’s network',
        reason,
      });
    }
}

function namespaceHub(builder: GraphBuilder, workload: Workload): string {
  const hub = hubOf(workload);
  builder.node(hub, 'hub', `the network of ${workload.namespace}`);
  builder.edge({
    id: `joins|${workload.id}`,
    from: nodeId.workload(workload.id),
    to: hub,
    kind: 'reach',
    phrase: 'over the cluster’s network',
    reason: 'its traffic may leave it',
  });
  return hub;
}

function hubOf({ cluster, namespace }: Workload): string {
  return `hub:reach/${cluster}/${namespace}`;
}

function countByHub(from: readonly string[], workloads: ReadonlyMap<string, Workload>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of from) {
    const workload = workloads.get(id);
    if (workload === undefined) continue;
    const hub = hubOf(workload);
    counts.set(hub, (counts.get(hub) ?? 0) + 1);
  }
  return counts;
}

function approximated(memberships: number, facts: EstateFacts): Unknown {
  return {
    code: 'reach-approximated',
    message: `The NetworkPolicies tell ${memberships} memberships apart: for the ranking, the sources of each connection are counted by namespace.`,
    place: facts.reachability.groups[0]?.places[0] ?? { source: 'network' },
  };
}
