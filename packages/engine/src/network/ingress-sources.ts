import { addAll, addBit, type Bits, emptyBits } from './bits.ts';
import { admitsNodes, type Enforcement } from './enforcement.ts';
import type { SelectableEstate } from './estate.ts';
import type { NetworkPolicy, PolicyTraffic } from './network-policy.ts';
import { type PortSet, resolvePorts, spellPorts } from './ports.ts';

/** Sources that may use a set of ports. */
export interface Admission {
  ports: PortSet;
  sources: Bits;
  policies: Set<NetworkPolicy>;
}

/** Sources that the ingress policies of a destination admit. */
export class IngressSources {
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
