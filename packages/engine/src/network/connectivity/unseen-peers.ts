import type { SelectableEstate } from '../estate.ts';
import { type Selector, selects } from '../selector.ts';
import type { Policy, RulePeer } from './policy.ts';

/** The label that the API server puts on every namespace. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * Workloads that are not there yet, as a rule speaks of them: pods of which nothing is known but that they match the
 * rule's selectors.
 */
export interface UnseenPeer {
  /** A namespace by its name, or a selector of namespaces; empty selectors stand for any workload of the cluster. */
  namespaces: string | Selector;
  pods: Selector;
}

const ANYTHING: Selector = { requirements: [], key: '' };

/** Any workload of the cluster, of which nothing else is known. */
export const ENTIRE_CLUSTER: UnseenPeer = { namespaces: ANYTHING, pods: ANYTHING };

/** The same text for the same peers. */
export function unseenKey({ namespaces, pods }: UnseenPeer): string {
  return `${typeof namespaces === 'string' ? `in ${namespaces}` : `where ${namespaces.key}`}\u0000${pods.key}`;
}

/**
 * The unseen peers that policies speak of, the entire cluster first. A peer that a workload of the estate fulfils to the
 * letter (both selectors made of labels alone, neither empty) is seen, not unseen.
 */
export function unseenPeers(policies: readonly Policy[], estate: SelectableEstate): UnseenPeer[] {
  const known = new Map([[unseenKey(ENTIRE_CLUSTER), ENTIRE_CLUSTER]]);
  for (const policy of policies)
    for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
      for (const peer of rule.peers ?? []) {
        const unseen = unseenOf(peer, policy.namespace);
        if (unseen === undefined || known.has(unseenKey(unseen)) || isSeen(unseen, estate)) continue;
        known.set(unseenKey(unseen), unseen);
      }
  return [...known.values()];
}

function unseenOf(peer: RulePeer, namespace: string): UnseenPeer | undefined {
  if ('block' in peer || 'nodes' in peer) return undefined;
  return { namespaces: namespaceOf(peer.namespaces, namespace), pods: peer.pods };
}

/** A selector that only one namespace can match is that namespace. */
function namespaceOf(selector: Selector | undefined, own: string): string | Selector {
  if (selector === undefined) return own;
  const [only, ...more] = selector.requirements;
  const named = more.length === 0 && only?.key === NAMESPACE_NAME && only.operator === 'In' && only.expression !== true;
  return named ? only.values[0]! : selector;
}

/** Whether a rule's peer is about an unseen peer: for each selector that it is the same, or asks for nothing. */
export function speaksOf(peer: RulePeer, namespace: string, unseen: UnseenPeer): boolean {
  if ('block' in peer || 'nodes' in peer) return false;
  const spoken = namespaceOf(peer.namespaces, namespace);
  const anyNamespace = typeof spoken !== 'string' && spoken.key === '';
  const sameNamespace =
    typeof spoken === 'string' || typeof unseen.namespaces === 'string'
      ? spoken === unseen.namespaces
      : spoken.key === unseen.namespaces.key;
  return (anyNamespace || sameNamespace) && (peer.pods.key === '' || peer.pods.key === unseen.pods.key);
}

function isSeen({ namespaces, pods }: UnseenPeer, estate: SelectableEstate): boolean {
  if (!isOfLabels(pods) || (typeof namespaces !== 'string' && !isOfLabels(namespaces))) return false;
  return estate.workloads.some((workload, index) => {
    const inNamespace =
      typeof namespaces === 'string'
        ? workload.namespace === namespaces
        : selects(namespaces, estate.namespaces.get(workload.namespace) ?? new Map());
    return inNamespace && selects(pods, estate.podLabels[index]!);
  });
}

function isOfLabels({ requirements }: Selector): boolean {
  return requirements.length > 0 && requirements.every(({ expression }) => expression !== true);
}

/**
 * An unseen peer in words: `entire-cluster`, `shop/[all pods]`,
 * `[namespace with {env=prod}]/[pod with {{Key:app,Operator:NotIn,Values:[a b],}}]`.
 */
export function spellUnseen(unseen: UnseenPeer): string {
  const { namespaces, pods } = unseen;
  if (unseenKey(unseen) === unseenKey(ENTIRE_CLUSTER)) return 'entire-cluster';
  const where =
    typeof namespaces === 'string'
      ? namespaces
      : namespaces.key === ''
        ? '[all namespaces]'
        : `[namespace with ${spellSelector(namespaces)}]`;
  return `${where}/${pods.key === '' ? '[all pods]' : `[pod with ${spellSelector(pods)}]`}`;
}

function spellSelector({ requirements }: Selector): string {
  const parts = requirements.map(({ key, operator, values, expression }) =>
    expression === true ? `{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}` : `${key}=${values[0]}`,
  );
  return `{${parts.join(',')}}`;
}
