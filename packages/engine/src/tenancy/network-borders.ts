import type { Workload } from '@breakwater/model';
import { type AddressSpan, holdsPublic, parseAddress } from '../network/address.ts';
import { addAll, addBit, type Bits, emptyBits, hashOf, membersOf } from '../network/bits.ts';
import type { ConnectionSet, Connectivity } from '../network/connectivity/index.ts';

/** Callers that network policies let in by the same connections. */
export interface Callers {
  connections: ConnectionSet;
  source: Crowd;
}

/** A set of ends of connections, by whom they belong to. */
export interface Crowd {
  /** Numbers of ends. */
  ends: Bits;
  /** How many ends. */
  size: number;
  tenants: Bits;
  /** Numbers of namespaces. */
  namespaces: Bits;
  /** Whatever pod anybody may create anywhere in the cluster. */
  anyone: boolean;
  /** Addresses of the Internet; whether anything leads from there to here is another matter. */
  outside: boolean;
}

/** Where a class may open connections to outside of the cluster. */
export interface Outgoing {
  /** To addresses of the Internet. */
  internet: ConnectionSet;
  /** Every port of every address. */
  everywhere: boolean;
  /** HTTP of the address at which clouds tell a machine its credentials. */
  metadata: boolean;
}

/** Whom workloads belong to: numbers below how many there are. */
export interface Owners {
  namespaces: number;
  tenants: number;
  /** -1 where no number is known. */
  namespaceOf(workload: Workload): number;
  tenantOf(workload: Workload): number;
}

/** Ends up to which a set of callers is known to each of them. */
const SMALL = 64;

const METADATA = ['169.254.169.254', 'fd00:ec2::254'];

/**
 * Connectivity of one network by namespaces and tenants. Classes of workloads that policies do not tell apart are looked
 * at once, and equal sets of callers are one object: memory grows with classes times tenants over 32, not with pairs.
 */
export class NetworkBorders {
  readonly connectivity: Connectivity;
  readonly #owners: Owners;
  #tenants: readonly Bits[] | undefined;
  #namespaces: readonly Bits[] | undefined;
  readonly #ranges: readonly { number: number; spans: readonly AddressSpan[]; isPublic: boolean }[];
  readonly #anyone: number;
  readonly #outgoing = new Map<number, Outgoing>();
  #joined: ReadonlyMap<number, readonly Crowd[]> | undefined;
  #large: readonly Crowd[] = [];
  #into: ReadonlyMap<number, readonly Callers[]> | undefined;
  #onward: ReadonlyMap<Crowd, { tenants: Bits; namespaces: Bits }> | undefined;

  /** `isOpen`: any pod of the cluster may be put on the network. */
  constructor(connectivity: Connectivity, owners: Owners, isOpen: boolean) {
    this.connectivity = connectivity;
    this.#owners = owners;
    const { endpoints } = connectivity;
    this.#ranges = endpoints.flatMap((end, number) =>
      end.kind === 'external' ? [{ number, spans: end.range.spans, isPublic: holdsPublic(end.range.spans) }] : [],
    );
    this.#anyone = isOpen ? endpoints.findIndex(({ kind }) => kind === 'unseen') : -1;
  }

  get #tenantsOfEnd(): readonly Bits[] {
    this.#tenants ??= this.#marked(this.#owners.tenants, (workload) => this.#owners.tenantOf(workload));
    return this.#tenants;
  }

  get #namespacesOfEnd(): readonly Bits[] {
    this.#namespaces ??= this.#marked(this.#owners.namespaces, (workload) => this.#owners.namespaceOf(workload));
    return this.#namespaces;
  }

  /** For each end the numbers of those that it stands for. */
  #marked(size: number, of: (workload: Workload) => number): Bits[] {
    const { workloads, endpoints } = this.connectivity;
    return endpoints.map((end) => {
      const bits = emptyBits(size);
      for (const member of end.kind === 'workloads' ? end.class.members : []) {
        const number = of(workloads[member]!);
        if (number >= 0) addBit(bits, number);
      }
      return bits;
    });
  }

  /** Who may open connections to a class. */
  into(end: number): readonly Callers[] {
    this.#into ??= this.#readRows();
    return this.#into.get(end) ?? [];
  }

  /** Whether a class may open any connection to workloads of another namespace, and of another tenant. */
  reachesOthers(end: number, namespace: number, tenant: number): { namespaces: boolean; tenants: boolean } {
    this.#into ??= this.#readRows();
    const found = { namespaces: false, tenants: false };
    for (const crowd of this.#crowdsOf(end)) {
      const { tenants, namespaces } = this.#onward!.get(crowd)!;
      found.namespaces ||= holdsOther(namespaces, namespace);
      found.tenants ||= holdsOther(tenants, tenant);
      if (found.namespaces && found.tenants) break;
    }
    return found;
  }

  /** The sets of callers that a class is in: few in one of many small sets, found one by one in one of few large ones. */
  #crowdsOf(end: number): readonly Crowd[] {
    this.#joined ??= this.#join();
    const known = this.#joined.get(end);
    return known ?? this.#large.filter(({ ends }) => holds(ends, end));
  }

  #join(): ReadonlyMap<number, readonly Crowd[]> {
    const joined = new Map<number, Crowd[]>();
    const crowds = [...(this.#onward?.keys() ?? [])];
    this.#large = crowds.filter(({ size }) => size > SMALL);
    for (const crowd of crowds)
      if (crowd.size <= SMALL)
        for (const end of membersOf(crowd.ends)) {
          const known = joined.get(end);
          if (known === undefined) joined.set(end, this.#large.filter(({ ends }) => holds(ends, end)).concat(crowd));
          else known.push(crowd);
        }
    return joined;
  }

  /** What a class may open to outside of the cluster. */
  outgoing(end: number): Outgoing {
    let found = this.#outgoing.get(end);
    if (found === undefined) {
      found = this.#readOutgoing(end);
      this.#outgoing.set(end, found);
    }
    return found;
  }

  /** The tenants that a class belongs to. */
  tenantsOf(end: number): Bits {
    return this.#tenantsOfEnd[end]!;
  }

  #readOutgoing(end: number): Outgoing {
    const { connections } = this.connectivity;
    const http = connections.of([{ protocol: 'TCP', from: 80, to: 80 }]);
    let internet = connections.none;
    let everywhere = this.#ranges.length > 0;
    let metadata = false;
    for (const { number, spans, isPublic } of this.#ranges) {
      const allowed = this.connectivity.oneWay(end, number, 'egress');
      if (isPublic) internet = connections.union(internet, allowed);
      everywhere &&= connections.subtract(connections.numbers, allowed) === connections.none;
      metadata ||= connections.intersect(allowed, http) !== connections.none && spans.some(holdsMetadata);
    }
    return { internet, everywhere, metadata };
  }

  /** Every row once: by destination who comes in, and by set of callers where they come to. */
  #readRows(): ReadonlyMap<number, readonly Callers[]> {
    const into = new Map<number, Callers[]>();
    const onward = new Map<Crowd, { tenants: Bits; namespaces: Bits }>();
    const crowds = new Map<string, Crowd>();
    for (const { destination, sources, connections } of this.connectivity.rows()) {
      if (this.connectivity.endpoints[destination]?.kind !== 'workloads') continue;
      const source = this.#crowdOf(sources, crowds);
      const callers = into.get(destination);
      if (callers === undefined) into.set(destination, [{ connections, source }]);
      else callers.push({ connections, source });
      let reached = onward.get(source);
      if (reached === undefined) {
        reached = { tenants: emptyBits(this.#owners.tenants), namespaces: emptyBits(this.#owners.namespaces) };
        onward.set(source, reached);
      }
      addAll(reached.tenants, this.#tenantsOfEnd[destination]!);
      addAll(reached.namespaces, this.#namespacesOfEnd[destination]!);
    }
    this.#addAnyone(into);
    this.#onward = onward;
    return into;
  }

  /** Rows are about what is there: pods that anybody may create come beside. */
  #addAnyone(into: Map<number, Callers[]>): void {
    if (this.#anyone < 0) return;
    const ends = emptyBits(this.connectivity.endpoints.length);
    addBit(ends, this.#anyone);
    const source = this.#crowdOf(ends, new Map());
    for (const [end, { kind }] of this.connectivity.endpoints.entries()) {
      if (kind !== 'workloads') continue;
      const connections = this.connectivity.oneWay(end, this.#anyone, 'ingress');
      if (connections === this.connectivity.connections.none) continue;
      const callers = into.get(end);
      if (callers === undefined) into.set(end, [{ connections, source }]);
      else callers.push({ connections, source });
    }
  }

  #crowdOf(ends: Bits, crowds: Map<string, Crowd>): Crowd {
    const key = hashOf(ends);
    const known = crowds.get(key);
    if (known !== undefined) return known;
    const members = membersOf(ends);
    const crowd: Crowd = {
      ends,
      size: members.length,
      tenants: emptyBits(this.#owners.tenants),
      namespaces: emptyBits(this.#owners.namespaces),
      anyone: holds(ends, this.#anyone),
      outside: this.#ranges.some(({ number, isPublic }) => isPublic && holds(ends, number)),
    };
    for (const end of members) {
      addAll(crowd.tenants, this.#tenantsOfEnd[end]!);
      addAll(crowd.namespaces, this.#namespacesOfEnd[end]!);
    }
    crowds.set(key, crowd);
    return crowd;
  }
}

function holds(bits: Bits, number: number): boolean {
  return number >= 0 && (bits[number >>> 5]! & (1 << (number & 31))) !== 0;
}

function holdsMetadata({ family, first, last }: AddressSpan): boolean {
  return METADATA.some((text) => {
    const address = parseAddress(text);
    return address?.family === family && first <= address.value && address.value <= last;
  });
}

/** Whether a set has a member other than one. */
export function holdsOther(bits: Bits, own: number): boolean {
  for (let word = 0; word < bits.length; word++) {
    const value = own >= 0 && word === own >>> 5 ? bits[word]! & ~(1 << (own & 31)) : bits[word]!;
    if (value !== 0) return true;
  }
  return false;
}
