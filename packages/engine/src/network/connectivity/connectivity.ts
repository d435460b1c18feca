import type { ManifestObject, Unknown, Workload } from '@breakwater/model';
import type { AddressSpan } from '../address.ts';
import { addBit, type Bits, emptyBits, membersOf } from '../bits.ts';
import { SelectableEstate } from '../estate.ts';
import { collectPolicies } from './collect-policies.ts';
import { type ConnectionSet, Connections } from './connections.ts';
import { CONTROLLER } from './controller.ts';
import { allowedOf, type Cell, DirectionCells } from './direction-cells.ts';
import { EndGroups } from './end-groups.ts';
import { type Endpoint, Endpoints, type Stranger } from './endpoints.ts';
import { type GatePath, gatePathsOf } from './gate-paths.ts';
import { namedPorts } from './named-ports.ts';
import { PeerKinds } from './peer-kinds.ts';
import type { Direction, Policy } from './policy.ts';
import { type Passage, ReachRows } from './reach-rows.ts';

/** Sources that reach one destination by the same connections. */
export interface ReachRow {
  /** The number of an end. */
  destination: number;
  /** Numbers of ends. */
  sources: Bits;
  connections: ConnectionSet;
}

/** The same of groups: what many ends have in common is told once. */
export interface GroupRow extends Passage {
  /** The number of a group of destinations. */
  destination: number;
}

/** What the analysis may be told beside the manifests. */
export interface ConnectivityOptions {
  /** The policies that hold, where they were read before; else those among the objects. */
  policies?: readonly Policy[];
  /** Policies that are asked about beside those that are there. */
  assumed?: readonly Policy[];
  /** Pods that no manifest holds, to be asked about; as a rule the controller behind Ingresses. */
  strangers?: readonly Stranger[] | undefined;
  /** What sets of connections are told by, where several analyses are to tell them alike: it knows all named ports. */
  connections?: Connections;
  /** Whether addresses outside the cluster are ends; they are not in a network that leads nowhere. */
  leadsOutside?: boolean;
  /** Whether the address of a workload, by position, is in a block; nobody's is where pods have addresses that change. */
  isInBlock?: (workload: number, block: readonly AddressSpan[]) => boolean;
}

/**
 * Who can talk to whom in one cluster, by every policy of every kind. Ends of connections are numbered: classes of
 * workloads that no policy tells apart, ranges of addresses outside, pods that no manifest holds, and workloads that are
 * not there yet. Nothing is worked out for pairs: what is asked about one end costs as much as there are kinds of peers.
 */
export class Connectivity {
  readonly workloads: readonly Workload[];
  readonly policies: readonly Policy[];
  readonly connections: Connections;
  readonly endpoints: readonly Endpoint[];
  /** By workload: the number of its class, which is the number of the end that it is. */
  readonly classOf: readonly number[];
  /** What Ingresses, Routes and Gateways lead to. */
  readonly gatePaths: readonly GatePath[];
  /** Policies that are not valid, or that leave in doubt what holds, each with its place. */
  readonly problems: readonly Unknown[];
  /** Ends that are the same as sources, and the same as destinations. */
  readonly groups: EndGroups;
  /** What is decided, by kinds of peers. */
  readonly decisions: DirectionCells;
  /** Ends as the rules of each direction tell them apart. */
  readonly kinds: Readonly<Record<Direction, PeerKinds>>;
  readonly #rows: ReachRows;

  /** `objects` and `workloads` are those of one cluster. */
  constructor(
    cluster: string,
    objects: readonly ManifestObject[],
    workloads: readonly Workload[],
    options: ConnectivityOptions = {},
  ) {
    const given = options.policies;
    const { policies: found, problems } =
      given === undefined ? collectPolicies(objects) : { policies: given, problems: [] };
    const policies = [...found, ...(options.assumed ?? [])];
    const endpoints = new Endpoints(new SelectableEstate(cluster, objects, workloads), policies, {
      strangers: options.strangers ?? [CONTROLLER],
      leadsOutside: options.leadsOutside ?? true,
      isInBlock: options.isInBlock,
    });
    this.workloads = workloads;
    this.policies = policies;
    this.problems = problems;
    this.connections = options.connections ?? new Connections(namedPorts(policies));
    this.endpoints = endpoints.list;
    this.classOf = endpoints.classOf;
    this.kinds = { ingress: new PeerKinds(endpoints, 'ingress'), egress: new PeerKinds(endpoints, 'egress') };
    this.decisions = new DirectionCells(this.kinds, policies, this.connections);
    this.groups = new EndGroups(endpoints.list, this.kinds, (end, direction) => this.cellsOf(end, direction));
    this.#rows = new ReachRows(this.groups, this.kinds, this.connections);
    this.gatePaths = gatePathsOf(objects, workloads);
  }

  /** What policies let pass from one end to the other; every end outside lets everything in and out. */
  between(source: number, destination: number): ConnectionSet {
    return this.connections.intersect(
      this.oneWay(source, destination, 'egress'),
      this.oneWay(destination, source, 'ingress'),
    );
  }

  /** What one direction of an end lets pass to, or from, a peer. */
  oneWay(end: number, peer: number, direction: Direction): ConnectionSet {
    const cells = this.cellsOf(end, direction);
    if (cells === undefined) return this.connections.everything;
    return allowedOf(cells, this.kinds[direction].kindOf[peer]!) ?? this.connections.none;
  }

  /** Whether any policy says something about one direction of an end. */
  isRestricted(end: number, direction: Direction): boolean {
    return this.cellsOf(end, direction) !== undefined;
  }

  /** Who may open connections to an end, by connections. `endsOf` tells who the sources are. */
  entering(end: number): Passage[] {
    const group = this.groups.destinationOf[end];
    return group === undefined ? [] : this.#rows.into(this.groups.destinations[group]!);
  }

  /** All that is reachable, by groups of destinations: each row is made when it is asked for, and none is kept. */
  *groupRows(): Generator<GroupRow> {
    for (const [destination, group] of this.groups.destinations.entries())
      for (const passage of this.#rows.into(group)) yield { destination, ...passage };
  }

  /** All that is reachable, end by end: work grows with destinations times sources over 32. */
  *rows(): Generator<ReachRow> {
    for (const { destination, sources, connections } of this.groupRows()) {
      const ends = emptyBits(this.endpoints.length);
      for (const end of this.endsOf(sources)) addBit(ends, end);
      for (const end of this.groups.destinations[destination]!.ends)
        yield { destination: end, sources: ends, connections };
    }
  }

  /** Numbers of the ends that groups of sources consist of. */
  endsOf(sources: Bits): number[] {
    return membersOf(sources).flatMap((group) => this.groups.sources[group]!.ends);
  }

  /** Positions of the workloads that an end stands for; none for ends outside. */
  workloadsOf(end: number): readonly number[] {
    const found = this.endpoints[end]!;
    return found.kind === 'workloads' ? found.class.members : [];
  }

  /** What one direction of an end lets pass, by kinds of peers; undefined where no policy says anything about it. */
  cellsOf(number: number, direction: Direction): readonly Cell[] | undefined {
    const end = this.endpoints[number]!;
    return end.kind === 'workloads' ? this.decisions.of(end.class, direction) : undefined;
  }
}
