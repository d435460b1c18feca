import {
  type ConnectionSet,
  type Connections,
  type Connectivity,
  type Direction,
  type GatePath,
  membersOf,
  type NetworkReach,
} from '@breakwater/engine/network/connectivity';
import { nameOfWorkload } from './reach-ends.ts';

/** A workload in one of the networks that it is on. */
export interface Membership {
  reach: Connectivity;
  position: number;
}

/** One state of a cluster in a comparison, by the names of its workloads, with all of their networks together. */
export class Side {
  /** By name of a workload: the networks that it is on. */
  readonly members = new Map<string, Membership[]>();
  readonly #connections: Connections;
  readonly #shared = new Map<Connectivity, Map<ConnectionSet, ConnectionSet>>();
  /** By analysis and group of sources: the numbers of its workloads among the names of both sides. */
  readonly #callers = new Map<Connectivity, Uint32Array[]>();

  readonly #paths = new Map<Connectivity, Map<number, GatePath[]>>();

  /** Sets of connections are given as those of `connections`, which both sides share. */
  constructor(networks: readonly NetworkReach[], connections: Connections) {
    this.#connections = connections;
    for (const { reach } of networks)
      for (const [position, workload] of reach.workloads.entries()) {
        const name = nameOfWorkload(workload);
        this.members.set(name, [...(this.members.get(name) ?? []), { reach, position }]);
      }
  }

  /** Writes what each caller may open to a workload to the place of its number. */
  into(name: string, numbers: ReadonlyMap<string, number>, opened: Uint32Array): void {
    opened.fill(this.#connections.none);
    for (const { reach, position } of this.members.get(name) ?? []) {
      const callers = this.#callersOf(reach, numbers);
      for (const { sources, connections } of reach.entering(reach.classOf[position]!)) {
        const set = this.#share(reach, connections);
        for (const group of membersOf(sources))
          for (const caller of callers[group]!) opened[caller] = this.#connections.union(opened[caller]!, set);
      }
    }
    opened[numbers.get(name)!] = this.#connections.none;
  }

  #callersOf(reach: Connectivity, numbers: ReadonlyMap<string, number>): Uint32Array[] {
    let callers = this.#callers.get(reach);
    if (callers === undefined) {
      const numberOf = reach.workloads.map((workload) => numbers.get(nameOfWorkload(workload))!);
      callers = reach.groups.sources.map(({ ends }) =>
        Uint32Array.from(ends.flatMap((end) => reach.workloadsOf(end).map((position) => numberOf[position]!))),
      );
      this.#callers.set(reach, callers);
    }
    return callers;
  }

  /** What one direction of a workload lets pass to, or from, an end outside. */
  open({ reach, position }: Membership, end: number | undefined, direction: Direction): ConnectionSet {
    if (end === undefined) return this.#connections.none;
    return this.#share(reach, reach.oneWay(reach.classOf[position]!, end, direction));
  }

  /** What Ingresses, Routes and Gateways open to a workload. */
  gatesTo(name: string): Map<string, ConnectionSet> {
    const found = new Map<string, ConnectionSet>();
    for (const { reach, position } of this.members.get(name) ?? []) {
      const paths = this.#pathsTo(reach).get(position) ?? [];
      const controller = paths.length === 0 ? -1 : reach.endpoints.findIndex(({ kind }) => kind === 'stranger');
      for (const { gate, ports } of paths) {
        const entry = reach.oneWay(reach.classOf[position]!, controller, 'ingress');
        this.#add(found, gate, this.#share(reach, reach.connections.intersect(entry, reach.connections.of(ports))));
      }
    }
    return found;
  }

  #pathsTo(reach: Connectivity): Map<number, GatePath[]> {
    let paths = this.#paths.get(reach);
    if (paths === undefined) {
      paths = Map.groupBy(reach.gatePaths, ({ workload }) => workload);
      this.#paths.set(reach, paths);
    }
    return paths;
  }

  #add(found: Map<string, ConnectionSet>, key: string, set: ConnectionSet): void {
    if (set !== this.#connections.none)
      found.set(key, this.#connections.union(found.get(key) ?? this.#connections.none, set));
  }

  #share(reach: Connectivity, set: ConnectionSet): ConnectionSet {
    const known = this.#shared.get(reach) ?? new Map<ConnectionSet, ConnectionSet>();
    this.#shared.set(reach, known);
    let shared = known.get(set);
    if (shared === undefined) {
      shared = this.#connections.of(reach.connections.ranges(set));
      known.set(set, shared);
    }
    return shared;
  }
}
