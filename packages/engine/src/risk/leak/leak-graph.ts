import type { AttackEdge, AttackGraph } from '@breakwater/model';
import { type Identity, principalId, serviceAccountId, userOf } from '../../identity/index.ts';
import { buildAttackGraph, type EstateFacts, nodeId } from '../graph/index.ts';

/** Somebody as whom a leaked credential signs in, with the groups that it states itself. */
export interface Leaked {
  kind: Identity['kind'];
  namespace: string;
  name: string;
  groups: readonly string[];
}

/** Node at which a leak begins. */
export const LEAK = 'origin:leak';

/** Group to which every API server gives everything, whatever bindings say. */
const ADMINISTRATORS = 'system:masters';

/** Every group that somebody is in: those of the credential, and those into which Kubernetes puts whoever signs in. */
export function groupsOf(leaked: Leaked): string[] {
  const own = leaked.kind === 'Group' ? [] : leaked.groups;
  return [...new Set([...own, ...userOf(leaked).groups])];
}

/** Ids of the identities that act when a credential is used, in one cluster. */
export function identitiesOf(leaked: Leaked, cluster: string): string[] {
  const { kind, namespace, name } = leaked;
  const own = kind === 'ServiceAccount' ? serviceAccountId(cluster, namespace, name) : principalId(cluster, kind, name);
  return [...new Set([own, ...groupsOf(leaked).map((group) => principalId(cluster, 'Group', group))])];
}

/**
 * The attack graph when credentials have leaked and nothing else has happened: attacks begin there alone. Which of the
 * clusters a credential is for is seldom written: it counts in all of them.
 */
export function leakGraph(
  facts: EstateFacts,
  leaks: readonly Leaked[],
  { nodes, edges }: AttackGraph = buildAttackGraph(facts).graph,
): AttackGraph {
  const begin = { id: LEAK, kind: 'origin' as const, label: 'the leaked credential', value: 0 };
  const others = nodes.map((node) => (node.kind === 'origin' ? { ...node, kind: 'hub' as const } : node));
  const clusters = new Set([...facts.objects, ...facts.workloads].map(({ cluster }) => cluster));
  const first = [...clusters].flatMap((cluster) => leaks.flatMap((leaked) => edgesFrom(leaked, cluster)));
  const distinct = new Map(first.map((edge) => [edge.id, edge]));
  return { nodes: [begin, ...others], edges: [...distinct.values(), ...edges] };
}

function edgesFrom(leaked: Leaked, cluster: string): AttackEdge[] {
  const edges = identitiesOf(leaked, cluster).map((id) => edge(id, 'signs in', 'the credential says so'));
  const groups = leaked.kind === 'Group' ? [leaked.name, ...leaked.groups] : leaked.groups;
  if (groups.includes(ADMINISTRATORS))
    edges.push(
      edge(
        nodeId.controlPlane(cluster),
        `signs in as a member of ${ADMINISTRATORS}`,
        'every API server gives this group everything',
      ),
    );
  if (leaked.kind === 'User' && leaked.name.startsWith('system:node:') && groups.includes('system:nodes'))
    edges.push(
      edge(nodeId.worker(cluster), 'signs in as the kubelet of a node', 'it reads what the pods of its node use'),
    );
  return edges;
}

const edge = (to: string, phrase: string, reason: string): AttackEdge => ({
  id: `leaked|${to}`,
  from: LEAK,
  to,
  kind: 'credential',
  probability: 1,
  causes: [],
  phrase,
  reason,
  places: [],
});
