import type { Place, ReachGroup, Workload } from '@breakwater/model';
import { addBit, type Bits, emptyBits, meet } from './bits.ts';
import {
  type ConnectionSet,
  type Connectivity,
  type Endpoint,
  nameOfPolicy,
  type Policy,
} from './connectivity/index.ts';
import { digest } from './digest.ts';
import type { PortRange } from './ports.ts';
import { SourceLists } from './source-lists.ts';

type WorkloadsEnd = Extract<Endpoint, { kind: 'workloads' }>;

/** A group while it grows. */
interface Draft {
  from: readonly string[];
  fromKey: string;
  to: string[];
  ports: PortRange[];
  policies: readonly Policy[];
  /** Where no policy lets them in: why it is open nevertheless. */
  open: Openness | undefined;
}

/** On the host network; selected by no policy; or by policies that say nothing about these sources. */
type Openness = 'host' | 'unselected' | 'undecided';

/**
 * Who may open connections to whom in one cluster: what the source may send and the destination takes, by every policy
 * of every kind. Equal lists of sources are one array.
 */
export function reachGroups(cluster: string, reach: Connectivity): ReachGroup[] {
  const lists = new SourceLists(reach);
  const deciders = new Deciders(reach);
  const drafts = new Map<string, Draft>();
  for (const { destination, sources, connections } of reach.groupRows()) {
    const from = lists.of(sources);
    if (from.list.length === 0) continue;
    const ends = reach.groups.destinations[destination]!.ends.flatMap((number) =>
      workloadsEnd(reach.endpoints[number]!),
    );
    const [first] = ends;
    if (first === undefined) continue;
    /* Ends of one group are under the same policies. */
    const policies = deciders.of(first, sources, connections);
    const open = policies.length === 0 ? opennessOf(reach, first) : undefined;
    const key = `${from.key} ${connections} ${open ?? deciders.keyOf(policies)}`;
    let draft = drafts.get(key);
    if (draft === undefined) {
      const ports = portsOf(reach, connections);
      if (ports === undefined) continue;
      draft = { from: from.list, fromKey: from.key, to: [], ports, policies, open };
      drafts.set(key, draft);
    }
    for (const end of ends) for (const member of end.class.members) draft.to.push(reach.workloads[member]!.id);
  }
  return [...drafts.values()].map((draft) => finish(cluster, draft));
}

function workloadsEnd(end: Endpoint): WorkloadsEnd[] {
  return end.kind === 'workloads' ? [end] : [];
}

/** Empty for every port; undefined where a set holds names alone, which no workload of the estate has. */
function portsOf({ connections }: Connectivity, set: ConnectionSet): PortRange[] | undefined {
  const numbers = connections.intersect(set, connections.numbers);
  if (numbers === connections.none) return undefined;
  return numbers === connections.numbers ? [] : connections.ranges(numbers);
}

function finish(cluster: string, { from, fromKey, to, ports, policies, open }: Draft): ReachGroup {
  const spelled = ports.map((range) => `${range.protocol} ${range.from}-${range.to}`).join();
  return {
    id: `${cluster}/${fromKey}-${digest([...to].sort().join('\n'))}-${digest(spelled)}`,
    from: from as string[],
    to,
    ports,
    reason: reasonOf(policies, open, to),
    places: policies.slice(0, MOST_NAMED).map(({ place }) => place) satisfies Place[],
  };
}

const MOST_NAMED = 3;

function opennessOf({ decisions }: Connectivity, { class: one }: WorkloadsEnd): Openness {
  if (one.onHost) return 'host';
  return decisions.policiesOn(one, 'ingress').length === 0 ? 'unselected' : 'undecided';
}

function reasonOf(policies: readonly Policy[], open: Openness | undefined, to: readonly Workload['id'][]): string {
  if (policies.length > 0) {
    const names = policies.slice(0, MOST_NAMED).map(nameOfPolicy).join(', ');
    return policies.length <= MOST_NAMED ? names : `${names} and ${policies.length - MOST_NAMED} more`;
  }
  if (open === 'host') return 'runs on the host network, which NetworkPolicy does not isolate';
  const [, namespace, , name] = to[0]!.split('/');
  const whom = to.length === 1 ? `${namespace}/${name}` : `these ${to.length} workloads`;
  return open === 'unselected' ? `no NetworkPolicy selects ${whom}` : `no network policy closes ${whom} to them`;
}

/** What one rule lets in. */
interface Admission {
  policy: Policy;
  /** Numbers of groups of sources. */
  sources: Bits;
  ports: ConnectionSet;
}

/** Names the policies that let connections in. */
class Deciders {
  readonly #reach: Connectivity;
  readonly #admissions = new Map<WorkloadsEnd['class'], Admission[]>();
  /** By kind of source, as ingress rules tell them apart: its groups. */
  readonly #groupsOf: number[][];
  /** By what rules are about, which many workloads share. */
  readonly #admitted = new Map<unknown, Bits>();
  readonly #numbers = new Map<Policy, number>();

  constructor(reach: Connectivity) {
    this.#reach = reach;
    this.#groupsOf = Array.from({ length: reach.kinds.ingress.size }, () => []);
    for (const [group, { kind }] of reach.groups.sources.entries()) this.#groupsOf[kind]!.push(group);
  }

  /** None where no policy says anything about these connections. */
  of(end: WorkloadsEnd, sources: Bits, connections: ConnectionSet): Policy[] {
    const { connections: all } = this.#reach;
    const found: Policy[] = [];
    /* Rules of one policy stand side by side. */
    for (const admission of this.#admissionsOf(end))
      if (
        found.at(-1) !== admission.policy &&
        all.intersect(admission.ports, connections) !== all.none &&
        meet(admission.sources, sources)
      )
        found.push(admission.policy);
    return found;
  }

  /** The same text for the same policies. */
  keyOf(policies: readonly Policy[]): string {
    let key = '';
    for (const policy of policies) {
      let number = this.#numbers.get(policy);
      if (number === undefined) {
        number = this.#numbers.size;
        this.#numbers.set(policy, number);
      }
      key += `${number},`;
    }
    return key;
  }

  #admissionsOf({ class: one }: WorkloadsEnd): Admission[] {
    let found = this.#admissions.get(one);
    if (found === undefined) {
      found = this.#work(one);
      this.#admissions.set(one, found);
    }
    return found;
  }

  #work(one: WorkloadsEnd['class']): Admission[] {
    const { decisions } = this.#reach;
    return decisions.policiesOn(one, 'ingress').flatMap((policy) =>
      policy
        .ingress!.filter(({ action }) => action === 'allow')
        .flatMap((rule) => decisions.mattersOf(rule, policy, 'ingress', one.ports))
        .map(({ peers, ports }) => ({ policy, sources: this.#groups(peers), ports })),
    );
  }

  #groups(peers: { members(): number[] }): Bits {
    let groups = this.#admitted.get(peers);
    if (groups === undefined) {
      groups = emptyBits(this.#reach.groups.sources.length);
      for (const kind of peers.members()) for (const group of this.#groupsOf[kind]!) addBit(groups, group);
      this.#admitted.set(peers, groups);
    }
    return groups;
  }
}
