import type {
  ConnectionSet,
  Connections,
  Connectivity,
  Direction,
  NetworkReach,
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

  /** Sets of connections are given as those of `connections`, which both sides share. */
  constructor(networks: readonly NetworkReach[], connections: Connections) {
    this.#connections = connections;
    for (const { reach } of networks)
      for (const [position, workload] of reach.workloads.entries()) {
        const name = nameOfWorkload(workload);
        this.members.set(name, [...(this.members.get(name) ?? []), { reach, position }]);
      }
  }

  /** By name of the caller: what it may open to a workload. */
  into(name: string): Map<string, ConnectionSet> {
    const found = new Map<string, ConnectionSet>();
    for (const { reach, position } of this.members.get(name) ?? [])
      for (const { sources, connections } of reach.entering(reach.classOf[position]!)) {
        const set = this.#share(reach, connections);
        for (const end of reach.endsOf(sources))
          for (const caller of reach.workloadsOf(end))
            if (caller !== position) this.#add(found, nameOfWorkload(reach.workloads[caller]!), set);
      }
    return found;
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
      const controller = reach.endpoints.findIndex(({ kind }) => kind === 'stranger');
      for (const { gate, workload, ports } of reach.gatePaths) {
        if (workload !== position) continue;
        const entry = reach.oneWay(reach.classOf[position]!, controller, 'ingress');
        this.#add(found, gate, this.#share(reach, reach.connections.intersect(entry, reach.connections.of(ports))));
      }
    }
    return found;
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
