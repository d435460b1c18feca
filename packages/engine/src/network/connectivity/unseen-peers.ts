import type { SelectableEstate } from '../estate.ts';
import type { Selector } from '../selector.ts';
import { type Policy, peersOf, type RulePeer } from './policy.ts';
import { isPodPeer, type PodPeer } from './workload-classes.ts';

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
  return `${spaceKey(namespaces)}\u0000${pods.key}`;
}

function spaceKey(namespaces: UnseenPeer['namespaces']): string {
  return typeof namespaces === 'string' ? `in ${namespaces}` : `where ${namespaces.key}`;
}

const ANYWHERE = spaceKey(ANYTHING);

/**
 * The unseen peers that policies speak of, the entire cluster first. A peer that a workload of the estate fulfils to the
 * letter (both selectors made of labels alone, neither empty) is seen, not unseen.
 */
export class UnseenPeers {
  readonly list: readonly UnseenPeer[];
  readonly #bySpace = new Map<string, number[]>();
  readonly #byPods = new Map<string, number[]>();
  readonly #byBoth = new Map<string, number>();

  constructor(policies: readonly Policy[], estate: SelectableEstate) {
    const asked = new Map([[unseenKey(ENTIRE_CLUSTER), ENTIRE_CLUSTER]]);
    for (const policy of policies)
      for (const peer of peersOf(policy)) {
        const unseen = unseenOf(peer, policy.namespace);
        if (unseen !== undefined && !asked.has(unseenKey(unseen))) asked.set(unseenKey(unseen), unseen);
      }
    this.list = [...asked.values()].filter((unseen) => unseen === ENTIRE_CLUSTER || !isSeen(unseen, estate));
    for (const [number, unseen] of this.list.entries()) {
      push(this.#bySpace, spaceKey(unseen.namespaces), number);
      push(this.#byPods, unseen.pods.key, number);
      this.#byBoth.set(unseenKey(unseen), number);
    }
  }

  /** Numbers of those that a rule's peer is about: for each selector that it is the same, or asks for nothing. */
  of(peer: PodPeer, namespace: string): Iterable<number> {
    const space = spaceKey(spaceOf(peer.namespaces, namespace));
    const { key } = peer.pods;
    if (space === ANYWHERE) return key === '' ? this.list.keys() : (this.#byPods.get(key) ?? []);
    if (key === '') return this.#bySpace.get(space) ?? [];
    const both = this.#byBoth.get(`${space}\u0000${key}`);
    return both === undefined ? [] : [both];
  }
}

function unseenOf(peer: RulePeer, namespace: string): UnseenPeer | undefined {
  if (!isPodPeer(peer)) return undefined;
  return { namespaces: spaceOf(peer.namespaces, namespace), pods: peer.pods };
}

/** A selector that only one namespace can match is that namespace. */
function spaceOf(selector: Selector | undefined, own: string): string | Selector {
  if (selector === undefined) return own;
  const [only, ...more] = selector.requirements;
  const named = more.length === 0 && only?.key === NAMESPACE_NAME && only.operator === 'In' && only.expression !== true;
  return named ? only.values[0]! : selector;
}

function isSeen({ namespaces, pods }: UnseenPeer, estate: SelectableEstate): boolean {
  if (!isOfLabels(pods) || (typeof namespaces !== 'string' && !isOfLabels(namespaces))) return false;
  const selected =
    typeof namespaces === 'string' ? estate.inNamespace(namespaces, pods) : estate.ofPeer({ namespaces, pods }, '');
  return selected.length > 0;
}

function push(index: Map<string, number[]>, key: string, value: number): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [value]);
  else known.push(value);
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

/** The same for people: `any pod labelled role=front in namespace shop`, `any pod in any namespace labelled env=prod`. */
export function describeUnseen(unseen: UnseenPeer): string {
  const { namespaces, pods } = unseen;
  if (unseenKey(unseen) === unseenKey(ENTIRE_CLUSTER)) return 'any pod of the cluster';
  const pod = `any pod${pods.key === '' ? '' : ` ${describeSelector(pods)}`}`;
  if (typeof namespaces === 'string') return `${pod} in namespace ${namespaces}`;
  return `${pod} in any namespace${namespaces.key === '' ? '' : ` ${describeSelector(namespaces)}`}`;
}

function describeSelector({ requirements }: Selector): string {
  return requirements.map(describeRequirement).join(' and ');
}

function describeRequirement({ key, operator, values }: Selector['requirements'][number]): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `labelled ${key}=${values[0]}` : `labelled ${key} in ${values.join(', ')}`;
    case 'NotIn':
      return `not labelled ${key} in ${values.join(', ')}`;
    case 'Exists':
      return `labelled ${key}`;
    case 'DoesNotExist':
      return `not labelled ${key}`;
  }
}
