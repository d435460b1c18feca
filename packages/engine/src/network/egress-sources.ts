import { addBit, type Bits, emptyBits } from './bits.ts';
import { admitsNodes, type Enforcement, type Isolation } from './enforcement.ts';
import type { SelectableEstate } from './estate.ts';
import type { Peer, PolicyTraffic } from './network-policy.ts';
import { type PortSet, resolvePorts } from './ports.ts';

/** Sources whose egress allows some ports; names of ports are the destination's. */
interface Exit {
  matches: PolicyTraffic['ports'];
  sources: Bits;
}

/** Sources whose egress lets them go to a destination. */
export class EgressSources {
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
