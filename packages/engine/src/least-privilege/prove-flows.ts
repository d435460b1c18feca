import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, textOf } from '../json/index.ts';
import { membersOf } from '../network/bits.ts';
import {
  type ClusterReach,
  type Connectivity,
  explain,
  nameOfNetwork,
  nameOfPolicy,
  reachOfNetworks,
} from '../network/connectivity/index.ts';
import type { Flow, FlowEnd } from './flow.ts';
import { FlowEnds, positionsOf } from './flow-ends.ts';
import { isManaged } from './managed.ts';

/** Whether one needed connection is possible before and after. */
export interface ProvenFlow {
  flow: Flow;
  before: boolean;
  after: boolean;
  /** Policies that close it afterwards; they are not compiled ones. */
  closedBy: string[];
}

/** Ordered pairs of different workloads between which anything is open. */
export interface PairCounts {
  all: number;
  before: number;
  after: number;
}

/** What compiled policies change, as connectivity tells it. */
export interface Proof {
  flows: ProvenFlow[];
  pairs: PairCounts;
}

/** What is proven. */
export interface ProofFacts {
  cluster: string;
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  flows: readonly Flow[];
  policies: readonly JsonObject[];
}

/**
 * Asks connectivity, with every policy that is there and with the compiled ones beside them, whether each needed
 * connection stays possible, and how many pairs are closed. Policies that were compiled before are replaced.
 */
export function proveFlows({ cluster, objects, workloads, flows, policies }: ProofFacts): Proof {
  const written = policies.map((object) => manifestOf(object, cluster));
  const replaced = objects.filter((object) => !isManaged(object));
  const ends = new FlowEnds(
    objects,
    flows.flatMap(({ from, to }) => [from, to]),
  );
  const { strangers } = ends;
  const before = new Networks(reachOfNetworks(cluster, objects, workloads, { strangers }));
  const after = new Networks(reachOfNetworks(cluster, [...replaced, ...written], workloads, { strangers }));
  return {
    flows: flows.map((flow) => {
      const closed = closedPart(flow, after, ends);
      return {
        flow,
        before: closedPart(flow, before, ends) === undefined,
        after: closed === undefined,
        closedBy: closed ?? [],
      };
    }),
    pairs: {
      all: workloads.length * (workloads.length - 1),
      before: before.connectedPairs(),
      after: after.connectedPairs(),
    },
  };
}

/** The primary networks of a cluster: Services, NetworkPolicies and what is needed are about them. */
class Networks {
  readonly #cluster: ClusterReach;
  readonly #primary: ReadonlyMap<string, { reach: Connectivity; positions: ReadonlyMap<string, number> }>;

  constructor(cluster: ClusterReach) {
    this.#cluster = cluster;
    const primary = cluster.networks.filter(({ network }) => network.role === 'primary');
    this.#primary = new Map(
      primary.map(({ network, reach }) => [nameOfNetwork(network), { reach, positions: positionsOf(reach.workloads) }]),
    );
  }

  /** The network that both ends of a flow are on; the names of two where they are apart. */
  of({ from, to }: Flow): { reach: Connectivity; positions: ReadonlyMap<string, number> } | string[] {
    const [name = '', ...others] = new Set([from, to].flatMap((end) => this.#nameOf(end)));
    return others.length === 0 ? this.#primary.get(name)! : [`the border between ${[name, ...others].join(' and ')}`];
  }

  #nameOf(end: FlowEnd): string[] {
    return end.kind === 'workload' ? [nameOfNetwork(this.#cluster.primaryOf.get(end.id)!)] : [];
  }

  connectedPairs(): number {
    return [...this.#primary.values()].reduce((sum, { reach }) => sum + connectedPairs(reach), 0);
  }
}

function manifestOf(object: JsonObject, cluster: string): ManifestObject {
  const text = (...path: string[]): string => textOf(fieldAt(object, ...path)) ?? '';
  const name = text('metadata', 'name');
  return {
    apiVersion: text('apiVersion'),
    kind: text('kind'),
    namespace: text('metadata', 'namespace'),
    name,
    cluster,
    object,
    place: { source: `${name}.yaml` },
  };
}

/** Undefined where all of a flow is possible; else the policies that close some of it. */
function closedPart(flow: Flow, networks: Networks, ends: FlowEnds): string[] | undefined {
  const network = networks.of(flow);
  if (Array.isArray(network)) return network;
  const { reach, positions } = network;
  const { connections } = reach;
  const { from, to, ports } = flow;
  const needed = ports.length === 0 ? connections.numbers : connections.of(ports);
  for (const source of ends.numbersOf(from, reach, positions))
    for (const destination of ends.numbersOf(to, reach, positions)) {
      const missing = connections.subtract(needed, reach.between(source, destination));
      if (missing === connections.none) continue;
      const parts = explain(reach, source, destination).filter(
        (part) => !part.allowed && connections.intersect(part.connections, missing) !== connections.none,
      );
      const closing = parts.flatMap(({ egress, ingress }) => [egress, ingress].filter(({ allowed }) => !allowed));
      return [...new Set(closing.flatMap(({ steps }) => steps.map(({ policy }) => nameOfPolicy(policy))))];
    }
  return undefined;
}

/** Ordered pairs of different workloads between which anything is open. */
function connectedPairs(reach: Connectivity): number {
  const { sources, destinations } = reach.groups;
  const membersOfEnds = (ends: readonly number[]) => ends.flatMap((end) => reach.workloadsOf(end));
  const weights = sources.map(({ ends }) => membersOfEnds(ends).length);
  const groupOf = new Map<number, number>();
  for (const [group, { ends }] of sources.entries())
    for (const member of membersOfEnds(ends)) groupOf.set(member, group);
  let pairs = 0;
  for (const { destination, sources: some, connections } of reach.groupRows()) {
    if (reach.connections.intersect(connections, reach.connections.numbers) === reach.connections.none) continue;
    const targets = membersOfEnds(destinations[destination]!.ends);
    if (targets.length === 0) continue;
    const callers = new Set(membersOf(some));
    const weight = [...callers].reduce((sum, group) => sum + weights[group]!, 0);
    const themselves = targets.filter((target) => callers.has(groupOf.get(target)!)).length;
    pairs += weight * targets.length - themselves;
  }
  return pairs;
}
