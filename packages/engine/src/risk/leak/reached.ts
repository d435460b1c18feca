import type { AttackNode, Reached, ReachedCount, ReachedKind } from '@breakwater/model';
import { isOutage } from '../graph/index.ts';
import type { Simulation } from '../simulation/index.ts';
import { LEAK } from './leak-graph.ts';

/** From here on something falls nearly always. */
export const CERTAIN = 0.9;

/** Below this it is not told: it takes a chain of luck. */
const TOLD_FROM = 0.005;

/** What falls, what costs most first. */
export function reachedIn(simulation: Simulation): Reached[] {
  return simulation.graph.nodes
    .flatMap((node): Reached[] => {
      const kind = kindOf(node);
      const probability = simulation.probabilityOf(node.id);
      if (kind === undefined || node.id === LEAK || probability < TOLD_FROM) return [];
      return [{ id: node.id, kind, label: node.label, namespace: namespaceOf(node), value: node.value, probability }];
    })
    .sort((left, right) => cost(right) - cost(left) || (left.id < right.id ? -1 : 1));
}

/** Points lost on average. */
const cost = ({ value, probability }: Reached): number => value * probability;

function kindOf({ id, kind }: AttackNode): ReachedKind | undefined {
  if (kind === 'workload' || kind === 'node' || kind === 'identity') return kind;
  if (kind !== 'asset' || isOutage(id)) return undefined;
  if (id.endsWith('/control-plane')) return 'control-plane';
  if (/\/Secret\/[^/]+$/.test(id)) return 'secret';
  return id.includes('/PersistentVolumeClaim/') ? 'volume' : 'cloud';
}

/** Of `workload:CLUSTER/NAMESPACE/KIND/NAME` and the like the namespace; users and groups are in none. */
export function namespaceOf({ id, kind }: Pick<AttackNode, 'id' | 'kind'>): string {
  if (kind === 'identity') return /\/(?:user|group):/.test(id) ? '' : (/\/([^/]+)\/[^/]+$/.exec(id)?.[1] ?? '');
  return /\/([^/]+)\/[^/]+\/[^/]+$/.exec(id)?.[1] ?? '';
}

/** How many of a kind are reached. */
export function countReached(simulation: Simulation, reached: readonly Reached[], kind: ReachedKind): ReachedCount {
  const own = reached.filter((each) => each.kind === kind);
  return {
    reached: own.length,
    certain: own.filter(({ probability }) => probability >= CERTAIN).length,
    all: simulation.graph.nodes.filter((node) => kindOf(node) === kind).length,
  };
}

/** How many namespaces have something that falls. */
export function countNamespaces(simulation: Simulation, reached: readonly Reached[]): ReachedCount {
  const holding = reached.filter(({ kind }) => kind === 'workload' || kind === 'secret' || kind === 'volume');
  const names = (some: readonly { id: string }[]): number => new Set(some.map(({ id }) => placeOf(id))).size;
  const all = simulation.graph.nodes.flatMap((node) => {
    const kind = kindOf(node);
    const counts = kind === 'workload' || kind === 'secret' || kind === 'volume';
    return counts ? [{ id: node.id }] : [];
  });
  return {
    reached: names(holding),
    certain: names(holding.filter(({ probability }) => probability >= CERTAIN)),
    all: names(all),
  };
}

/** Cluster and namespace of something that is in one. */
const placeOf = (id: string): string => id.slice(id.indexOf(':') + 1).replace(/\/[^/]+\/[^/]+$/, '');
