import type { ManifestObject, Unknown, Workload } from '@breakwater/model';
import { addAll, addBit, type Bits, emptyBits, intersect, meet, membersOf } from '../bits.ts';
import { SelectableEstate } from '../estate.ts';
import { collectPolicies } from './collect-policies.ts';
import { type ConnectionSet, Connections, type NamedPort } from './connections.ts';
import { CONTROLLER } from './controller.ts';
import { type Cell, DirectionCells } from './direction-cells.ts';
import { type Endpoint, Endpoints } from './endpoints.ts';
import { type GatePath, gatePathsOf } from './gate-paths.ts';
import type { Direction, Policy } from './policy.ts';

/** Sources that reach one destination by the same connections. */
export interface ReachRow {
  destination: number;
  /** Numbers of endpoints. */
  sources: Bits;
  connections: ConnectionSet;
}

/**
 * Who can talk to whom in one cluster, by every policy of every kind. Ends of connections are numbered: classes of
 * workloads that no policy tells apart, ranges of addresses outside, the unknown controller behind Ingresses, and
 * workloads that are not there yet.
 */
export class Connectivity {
  readonly workloads: readonly Workload[];
  readonly policies: readonly Policy[];
  readonly connections: Connections;
  readonly endpoints: readonly Endpoint[];
  /** By workload: the number of its class. */
  readonly classOf: readonly number[];
  /** What Ingresses, Routes and Gateways lead to. */
  readonly gatePaths: readonly GatePath[];
  /** Policies that are not valid, or that leave in doubt what holds, each with its place. */
  readonly problems: readonly Unknown[];
  readonly cells: DirectionCells;

  /**
   * `objects` and `workloads` are those of one cluster. `assumed` are policies that no manifest holds: what would be if
   * they held too.
   */
  constructor(
    cluster: string,
    objects: readonly ManifestObject[],
    workloads: readonly Workload[],
    assumed: readonly Policy[] = [],
  ) {
    const collected = collectPolicies(objects);
    const { problems } = collected;
    const policies = [...collected.policies, ...assumed];
    const estate = new SelectableEstate(cluster, objects, workloads);
    const endpoints = new Endpoints(estate, policies, [CONTROLLER]);
    this.workloads = workloads;
    this.policies = policies;
    this.problems = problems;
    this.connections = new Connections(namedPorts(policies));
    this.endpoints = endpoints.list;
    this.classOf = endpoints.classOf;
    this.cells = new DirectionCells(endpoints, policies, this.connections);
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
    const cells = this.#cellsOf(end, direction);
    if (cells === undefined) return this.connections.everything;
    for (const { peers, allowed } of cells) if ((peers[peer >>> 5]! & (1 << (peer & 31))) !== 0) return allowed;
    return this.connections.none;
  }

  /** All that is reachable, by destination: work and memory grow with destinations times sources over 32. */
  *rows(): Generator<ReachRow> {
    const size = this.endpoints.length;
    const { none, everything } = this.connections;
    const { free, towards } = this.#leaving();
    for (let destination = 0; destination < size; destination++) {
      if (this.endpoints[destination]!.kind === 'stranger' || this.endpoints[destination]!.kind === 'unseen') continue;
      const found = new Map<ConnectionSet, Bits>();
      const entering = this.#cellsOf(destination, 'ingress') ?? [{ peers: this.#all(), allowed: everything }];
      const leaving = [...towards[destination]!, [everything, free] as const];
      for (const { peers, allowed } of entering)
        for (const [exit, sources] of allowed === none ? [] : leaving) {
          const connections = this.connections.intersect(allowed, exit);
          const both = connections === none || !meet(peers, sources) ? undefined : intersect(peers, sources);
          if (both === undefined) continue;
          const known = found.get(connections);
          if (known === undefined) found.set(connections, both);
          else addAll(known, both);
        }
      for (const [connections, sources] of found) yield { destination, sources, connections };
    }
  }

  /**
   * By destination: what restricted sources may send there; `free` are the sources that nothing restricts. Destinations
   * that are the same to every egress rule share one map.
   */
  #leaving(): { free: Bits; towards: Map<ConnectionSet, Bits>[] } {
    const size = this.endpoints.length;
    const free = emptyBits(size);
    const sourcesOf = new Map<readonly Cell[], Bits>();
    for (let source = 0; source < size; source++) {
      const cells = this.#cellsOf(source, 'egress');
      if (cells === undefined) {
        if (this.endpoints[source]!.kind !== 'unseen') addBit(free, source);
        continue;
      }
      let sources = sourcesOf.get(cells);
      if (sources === undefined) {
        sources = emptyBits(size);
        sourcesOf.set(cells, sources);
      }
      addBit(sources, source);
    }
    const alike = new Map<string, Map<ConnectionSet, Bits>>();
    const first = emptyBits(size);
    const towards = this.endpoints.map((end, number) => {
      const key = end.kind === 'workloads' ? end.class.asDestination : `${number}`;
      let map = alike.get(key);
      if (map === undefined) {
        map = new Map();
        alike.set(key, map);
        addBit(first, number);
      }
      return map;
    });
    for (const [cells, sources] of sourcesOf) {
      const members = membersOf(sources);
      for (const { peers, allowed } of cells) {
        const destinations = allowed === this.connections.none ? undefined : intersect(peers, first);
        for (const destination of destinations === undefined ? [] : membersOf(destinations)) {
          let known = towards[destination]!.get(allowed);
          if (known === undefined) {
            known = emptyBits(size);
            towards[destination]!.set(allowed, known);
          }
          for (const member of members) addBit(known, member);
        }
      }
    }
    return { free, towards };
  }

  /** Undefined where no policy says anything about the direction. */
  #cellsOf(number: number, direction: Direction): readonly Cell[] | undefined {
    const end = this.endpoints[number]!;
    if (end.kind !== 'workloads') return undefined;
    const restricted = end.class.policies.some((position) => this.policies[position]![direction] !== undefined);
    return restricted ? this.cells.of(end.class, direction) : undefined;
  }

  #all(): Bits {
    const bits = emptyBits(this.endpoints.length);
    for (let number = 0; number < this.endpoints.length; number++) addBit(bits, number);
    return bits;
  }
}

function namedPorts(policies: readonly Policy[]): NamedPort[] {
  const names = new Map<string, NamedPort>();
  for (const { ingress, egress } of policies)
    for (const { ports } of [...(ingress ?? []), ...(egress ?? [])])
      for (const port of ports ?? []) {
        if (!('name' in port)) continue;
        const protocol = port.protocol ?? 'TCP';
        names.set(`${protocol} ${port.name}`, { protocol, name: port.name });
      }
  return [...names.values()];
}
