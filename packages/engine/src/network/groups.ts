import type { Place, ReachGroup } from '@breakwater/model';
import { addAll, addBit, type Bits, emptyBits, hashOf, intersect, membersOf } from './bits.ts';
import { digest, digestWords } from './digest.ts';
import { admitsNodes, type Enforcement, type Isolation, policyName } from './enforcement.ts';
import type { SelectableEstate } from './estate.ts';
import type { NetworkPolicy, Peer, PolicyTraffic } from './network-policy.ts';
import { declaredPorts, intersectPorts, type PortSet, resolvePorts, spellPorts } from './ports.ts';

/** Sources that may use a set of ports. */
interface Admission {
  ports: PortSet;
  sources: Bits;
  policies: Set<NetworkPolicy>;
}

/** Sources whose egress allows some ports; names of ports are the destination's. */
interface Exit {
  matches: PolicyTraffic['ports'];
  sources: Bits;
}

/** A group while it grows. */
interface Draft {
  from: readonly string[];
  fromKey: string;
  to: string[];
  ports: PortSet;
  reason: string;
  places: Place[];
}

/**
 * Who may open connections to whom in one cluster: what egress rules and ingress rules both allow.
 *
 * Workloads that the same policies isolate and the same egress rules name are one destination; its sources are sets of
 * bits, joined once per destination. So the work grows with workloads times destinations over 32, not with pairs times
 * policies, and equal lists of sources are one array.
 */
export function reachGroups(cluster: string, estate: SelectableEstate, enforcement: Enforcement): ReachGroup[] {
  const size = estate.workloads.length;
  const ids = estate.workloads.map((workload) => workload.id);
  const exits = new EgressSources(estate, enforcement);
  const entries = new IngressSources(estate, enforcement);
  const sourceLists = new SourceLists(ids);
  const drafts = new Map<string, Draft>();
  for (const destination of destinations(estate, enforcement, exits)) {
    const leaving = exits.towards(destination[0]!);
    const covered = emptyBits(size);
    for (const admission of entries.into(destination[0]!)) {
      for (const exit of leaving) {
        const ports = intersectPorts(admission.ports, exit.ports);
        if (ports?.length === 0) continue;
        const sources = intersect(admission.sources, exit.sources, covered);
        if (sources === undefined) continue;
        if (ports === undefined) addAll(covered, sources);
        const reason = reasonFor(estate, destination, admission);
        const from = sourceLists.of(sources);
        const key = `${from.key} ${spellPorts(ports)} ${reason}`;
        let draft = drafts.get(key);
        if (draft === undefined) {
          draft = { from: from.list, fromKey: from.key, to: [], ports, reason, places: placesOf(admission.policies) };
          drafts.set(key, draft);
        }
        for (const index of destination) draft.to.push(ids[index]!);
      }
    }
  }
  return [...drafts.values()].map((draft) => finish(cluster, draft));
}

function finish(cluster: string, { from, fromKey, to, ports, reason, places }: Draft): ReachGroup {
  const target = digest([...to].sort().join('\n'));
  return {
    id: `${cluster}/${fromKey}-${target}-${digest(spellPorts(ports))}`,
    from: from as string[],
    to,
    ports: (ports ?? []).map((range) => ({ ...range })),
    reason: reason === '' ? openReason(to) : reason,
    places,
  };
}

function openReason(to: readonly string[]): string {
  const [first = ''] = to;
  const [, namespace, , name] = first.split('/');
  return to.length === 1
    ? `no NetworkPolicy selects ${namespace}/${name}`
    : `no NetworkPolicy selects these ${to.length} workloads`;
}

/** Empty where no policy isolates the destination, so that all such destinations share one group. */
function reasonFor(estate: SelectableEstate, destination: readonly number[], admission: Admission): string {
  if (admission.policies.size === 0)
    return estate.workloads[destination[0]!]!.hostNetwork
      ? 'runs on the host network, which NetworkPolicy does not isolate'
      : '';
  const names = [...admission.policies].map(policyName);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function placesOf(policies: ReadonlySet<NetworkPolicy>): Place[] {
  return [...policies].slice(0, 3).flatMap((policy) => policy.places);
}

/** Ids of sources, and a name for the set that they are. */
interface SourceList {
  list: readonly string[];
  key: string;
}

/** Lists of workload ids by what is in them: equal sets are one array, named by the ids in it. */
class SourceLists {
  readonly #ids: readonly string[];
  readonly #digests: readonly [number, number][];
  readonly #known = new Map<string, SourceList>();

  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.#digests = ids.map((id) => digestWords(id));
  }

  of(bits: Bits): SourceList {
    const same = hashOf(bits);
    let found = this.#known.get(same);
    if (found === undefined) {
      found = this.#make(bits);
      this.#known.set(same, found);
    }
    return found;
  }

  #make(bits: Bits): SourceList {
    const members = membersOf(bits);
    let high = members.length;
    let low = 0;
    for (const index of members) {
      const [first, second] = this.#digests[index]!;
      high = (high + first) | 0;
      low = (low + second) | 0;
    }
    const key = `${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`;
    return { list: members.map((index) => this.#ids[index]!), key };
  }
}

/** Workloads by equal treatment as destinations: the first of each speaks for all. */
function destinations(estate: SelectableEstate, enforcement: Enforcement, exits: EgressSources): number[][] {
  const names = namedPorts(enforcement);
  const classes = new Map<string, number[]>();
  for (const [index, workload] of estate.workloads.entries()) {
    const ports = names.map((name) =>
      declaredPorts(workload, name)
        .map((port) => `${port.protocol}${port.containerPort}`)
        .join('+'),
    );
    const key = `${enforcement.ingressOf[index]!.join(',')}|${exits.signature(index)}|${workload.hostNetwork}|${ports.join(',')}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [index]);
    else known.push(index);
  }
  return [...classes.values()];
}

function namedPorts(enforcement: Enforcement): string[] {
  const names = new Set<string>();
  for (const { rules } of [...enforcement.ingress, ...enforcement.egress])
    for (const rule of rules) for (const port of rule.ports ?? []) if ('name' in port) names.add(port.name);
  return [...names];
}

/** Sources whose egress lets them go to a destination. */
class EgressSources {
  readonly #estate: SelectableEstate;
  readonly #rules: { rule: PolicyTraffic; isolation: Isolation }[] = [];
  /** By workload: the rules that name it. */
  readonly #rulesTo: number[][];
  /** Rules that name everybody. */
  readonly #everywhere: number[] = [];
  readonly #free: Bits;
  readonly #base: Map<string, Exit>;
  readonly #cache = new Map<string, Exit[]>();

  constructor(estate: SelectableEstate, enforcement: Enforcement) {
    this.#estate = estate;
    this.#rulesTo = estate.workloads.map(() => []);
    this.#free = emptyBits(estate.workloads.length);
    for (const [index, policies] of enforcement.egressOf.entries())
      if (policies.length === 0) addBit(this.#free, index);
    const onHost = [...estate.workloads.keys()].filter((index) => estate.workloads[index]!.hostNetwork);
    for (const isolation of enforcement.egress)
      for (const rule of isolation.rules) {
        const number = this.#rules.push({ rule, isolation }) - 1;
        if (rule.peers === undefined) this.#everywhere.push(number);
        else
          for (const target of targetsOf(rule.peers, isolation.policy.namespace, estate, onHost))
            this.#rulesTo[target]!.push(number);
      }
    this.#base = this.#collect(new Map([['', { matches: undefined, sources: this.#free }]]), this.#everywhere);
  }

  /** Equal for workloads that egress rules treat alike. */
  signature(index: number): string {
    return this.#rulesTo[index]!.join(',');
  }

  towards(index: number): { ports: PortSet; sources: Bits }[] {
    const signature = this.signature(index);
    let found = this.#cache.get(signature);
    if (found === undefined) {
      found = [...this.#collect(this.#base, this.#rulesTo[index]!).values()];
      this.#cache.set(signature, found);
    }
    const workload = this.#estate.workloads[index]!;
    return found.map(({ matches, sources }) => ({ ports: resolvePorts(matches, workload), sources }));
  }

  /** Adds rules to a copy of what is there: equal ports together, in the order in which they came. */
  #collect(start: ReadonlyMap<string, Exit>, numbers: readonly number[]): Map<string, Exit> {
    const byPorts = new Map([...start].map(([key, exit]) => [key, { ...exit, sources: exit.sources.slice() }]));
    for (const number of numbers) {
      const { rule, isolation } = this.#rules[number]!;
      const key = rule.ports === undefined ? '' : JSON.stringify(rule.ports);
      let exit: Exit | undefined = byPorts.get(key);
      if (exit === undefined) {
        exit = { matches: rule.ports, sources: emptyBits(this.#estate.workloads.length) };
        byPorts.set(key, exit);
      }
      for (const source of isolation.selected) addBit(exit.sources, source);
    }
    return byPorts;
  }
}

/** Sources that the ingress policies of a destination admit. */
class IngressSources {
  readonly #estate: SelectableEstate;
  readonly #enforcement: Enforcement;
  readonly #everyone: Bits;
  readonly #onHost: number[];
  readonly #sets = new Map<readonly number[], Bits>();

  constructor(estate: SelectableEstate, enforcement: Enforcement) {
    this.#estate = estate;
    this.#enforcement = enforcement;
    this.#everyone = emptyBits(estate.workloads.length);
    for (const index of estate.workloads.keys()) addBit(this.#everyone, index);
    this.#onHost = [...estate.workloads.keys()].filter((index) => estate.workloads[index]!.hostNetwork);
  }

  /** By set of ports, the one for every port first. */
  into(index: number): Admission[] {
    const isolations = this.#enforcement.ingressOf[index]!;
    if (isolations.length === 0) return [{ ports: undefined, sources: this.#everyone, policies: new Set() }];
    const workload = this.#estate.workloads[index]!;
    const byPorts = new Map<string, Admission>();
    for (const number of isolations) {
      const { policy, rules } = this.#enforcement.ingress[number]!;
      for (const rule of rules) {
        const ports = resolvePorts(rule.ports, workload);
        const key = ports === undefined ? 'all' : spellPorts(ports);
        let admission = byPorts.get(key);
        if (admission === undefined) {
          admission = { ports, sources: emptyBits(this.#estate.workloads.length), policies: new Set() };
          byPorts.set(key, admission);
        }
        if (this.#admit(rule, policy.namespace, admission.sources)) admission.policies.add(policy);
      }
    }
    return [...byPorts.values()].sort((a, b) => Number(b.ports === undefined) - Number(a.ports === undefined));
  }

  #admit(rule: PolicyTraffic, namespace: string, sources: Bits): boolean {
    if (rule.peers === undefined) {
      addAll(sources, this.#everyone);
      return true;
    }
    let any = false;
    for (const peer of rule.peers) {
      const members = this.#estate.ofPeer(peer, namespace);
      if (members.length > 0) {
        addAll(sources, this.#bitsOf(members));
        any = true;
      }
    }
    if (admitsNodes(rule.peers) && this.#onHost.length > 0) {
      for (const index of this.#onHost) addBit(sources, index);
      any = true;
    }
    return any;
  }

  #bitsOf(members: readonly number[]): Bits {
    let bits = this.#sets.get(members);
    if (bits === undefined) {
      bits = emptyBits(this.#estate.workloads.length);
      for (const index of members) if (!this.#estate.workloads[index]!.hostNetwork) addBit(bits, index);
      this.#sets.set(members, bits);
    }
    return bits;
  }
}

/** Destinations that peers of an egress rule stand for, each once. */
function targetsOf(
  peers: readonly Peer[],
  namespace: string,
  estate: SelectableEstate,
  onHost: readonly number[],
): Iterable<number> {
  const targets = new Set<number>();
  for (const peer of peers)
    for (const index of estate.ofPeer(peer, namespace)) if (!estate.workloads[index]!.hostNetwork) targets.add(index);
  if (admitsNodes(peers)) for (const index of onHost) targets.add(index);
  return targets;
}
