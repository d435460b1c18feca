import type { Unknown, Workload } from '@breakwater/model';
import {
  type ClusterReach,
  type Connections,
  type Connectivity,
  type Direction,
  type Network,
  type NetworkReach,
  nameOfNetwork,
  type Policy,
} from '../network/connectivity/index.ts';
import { type Callers, NetworkBorders, type Outgoing, type Owners } from './network-borders.ts';
import type { Tenants } from './tenants.ts';

/** A workload in one of the networks that it is on. */
interface Standing {
  borders: NetworkBorders;
  /** The number of its end there. */
  end: number;
}

/** Who talks to whom across namespaces and tenants, in all networks of a cluster; workloads are named by position. */
export class Borders {
  readonly networks: readonly NetworkBorders[];
  readonly reaches: readonly NetworkReach[];
  readonly connections: Connections;
  /** Policies that were evaluated. */
  readonly policies: readonly Policy[];
  /** Policies and networks that are not valid, or leave in doubt what holds. */
  readonly problems: readonly Unknown[];
  readonly namespaces: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #tenants: Tenants;
  readonly #workloads: readonly Workload[];
  #standing: readonly (readonly Standing[])[] | undefined;
  readonly #primaryOf: (workload: string) => Connectivity;

  constructor(
    { networks, primaryOf, connections, problems }: ClusterReach,
    workloads: readonly Workload[],
    tenants: Tenants,
  ) {
    this.reaches = networks;
    this.connections = connections;
    this.problems = problems;
    this.policies = networks.flatMap(({ reach }) => reach.policies);
    this.#tenants = tenants;
    this.#workloads = workloads;
    const there = networks.flatMap(({ reach }) => reach.workloads.map(({ namespace }) => namespace));
    this.namespaces = [...new Set([...workloads.map(({ namespace }) => namespace), ...there])];
    this.#numbers = new Map(this.namespaces.map((namespace, number) => [namespace, number]));
    const owners: Owners = {
      namespaces: this.namespaces.length,
      tenants: tenants.list.length,
      namespaceOf: ({ namespace }) => this.numberOf(namespace),
      tenantOf: (workload) => tenants.numberOfWorkload(workload) ?? -1,
    };
    this.networks = networks.map(({ network, reach }) => new NetworkBorders(reach, owners, isOpen(network)));
    const reaches = new Map(networks.map(({ network, reach }) => [nameOfNetwork(network), reach]));
    this.#primaryOf = (workload) => reaches.get(nameOfNetwork(primaryOf.get(workload)!))!;
  }

  get #standings(): readonly (readonly Standing[])[] {
    this.#standing ??= standingsOf(this.networks, this.#workloads);
    return this.#standing;
  }

  /** The number of a namespace; -1 where no workload is in it. */
  numberOf(namespace: string): number {
    return this.#numbers.get(namespace) ?? -1;
  }

  /** The network by which a workload is called through Services. */
  primaryOf(workload: string): Connectivity {
    return this.#primaryOf(workload);
  }

  /** Who may open connections to a workload, in any of its networks. */
  into(position: number): readonly Callers[] {
    const [only, ...others] = this.#standings[position]!;
    if (only === undefined) return [];
    const first = only.borders.into(only.end);
    return others.length === 0 ? first : [...first, ...others.flatMap(({ borders, end }) => borders.into(end))];
  }

  /** The policies that say something about one direction of a workload, in any of its networks. */
  policiesOn(position: number, direction: Direction): Policy[] {
    return this.#standings[position]!.flatMap((standing) => policiesAt(standing, direction));
  }

  /** Whether some policy restricts one direction of a workload in every network that it is on. */
  isRestricted(position: number, direction: Direction): boolean {
    return this.#standings[position]!.every((standing) => policiesAt(standing, direction).length > 0);
  }

  /** Whether a workload may open any connection to workloads of another namespace, and of another tenant. */
  reachesOthers(position: number): { namespaces: boolean; tenants: boolean } {
    const namespace = this.numberOf(this.#workloads[position]!.namespace);
    const found = { namespaces: false, tenants: false };
    for (const { borders, end } of this.#standings[position]!) {
      const there = borders.reachesOthers(end, namespace, this.#tenants.ofWorkload[position]!);
      found.namespaces ||= there.namespaces;
      found.tenants ||= there.tenants;
    }
    return found;
  }

  /** What a workload may open to outside of the cluster, by any of its networks. */
  outgoing(position: number): Outgoing {
    const found: Outgoing = { internet: this.connections.none, everywhere: false, metadata: false };
    for (const { borders, end } of this.#standings[position]!) {
      const { internet, everywhere, metadata } = borders.outgoing(end);
      found.internet = this.connections.union(found.internet, internet);
      found.everywhere ||= everywhere;
      found.metadata ||= metadata;
    }
    return found;
  }
}

/** Whether whoever may create pods may put one on the network: others are for namespaces that they name. */
function isOpen({ kind }: Network): boolean {
  return kind === 'PodNetwork' || kind === 'NetworkAttachmentDefinition';
}

function standingsOf(networks: readonly NetworkBorders[], workloads: readonly Workload[]): Standing[][] {
  const positions = new Map(workloads.map(({ id }, position) => [id, position]));
  const standings: Standing[][] = workloads.map(() => []);
  for (const borders of networks)
    for (const [member, { id }] of borders.connectivity.workloads.entries()) {
      const position = positions.get(id);
      if (position !== undefined) standings[position]!.push({ borders, end: borders.connectivity.classOf[member]! });
    }
  return standings;
}

function policiesAt({ borders: { connectivity }, end }: Standing, direction: Direction): Policy[] {
  const found = connectivity.endpoints[end]!;
  return found.kind === 'workloads' ? connectivity.decisions.policiesOn(found.class, direction) : [];
}
