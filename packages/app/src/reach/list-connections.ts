import {
  type ConnectionSet,
  type Connectivity,
  type ExternalRange,
  membersOf,
  type Network,
  type NetworkReach,
} from '@breakwater/engine/network/connectivity';
import {
  addressesOf,
  isMeant,
  isOutsideMeant,
  nameOfWorkload,
  nameOutside,
  networkField,
  spellPorts,
} from './reach-ends.ts';
import type { NamespaceRow, ReachQuestion, ReachRow } from './reach-rows.ts';

/** Connections of one network, as far as they are asked for. */
export interface Listing {
  /** Empty where there are more than the limit. */
  rows: ReachRow[];
  /** By namespace, where there are more than the limit. */
  namespaces: NamespaceRow[];
}

/** Who can talk to whom in one network: pairs of workloads, up to a limit, with addresses outside as one end each. */
export function listConnections({ network, reach }: NetworkReach, question: ReachQuestion, limit: number): Listing {
  const names = reach.workloads.map(nameOfWorkload);
  const rows = pairs(reach, names, question, limit);
  if (rows === undefined) return { rows: [], namespaces: byNamespace(reach, network) };
  rows.push(...outsideRows(reach, names, question));
  if (question.from === undefined) rows.push(...gateRows(reach, names, question.to));
  const own = networkField(network);
  return { rows: rows.map((row) => ({ ...row, ...own })), namespaces: [] };
}

/** Undefined where there are more than the limit. */
function pairs(
  reach: Connectivity,
  names: readonly string[],
  { from, to }: ReachQuestion,
  limit: number,
): ReachRow[] | undefined {
  const [asked, meant] = [names.map((name) => isMeant(name, from)), names.map((name) => isMeant(name, to))];
  const rows: ReachRow[] = [];
  for (const { destination, sources, connections } of reach.groupRows()) {
    const targets = reach.groups.destinations[destination]!.ends.flatMap((end) => reach.workloadsOf(end)).filter(
      (position) => meant[position],
    );
    const ports = targets.length === 0 ? '' : portsOf(reach, connections);
    if (ports === '') continue;
    const callers = reach
      .endsOf(sources)
      .flatMap((end) => reach.workloadsOf(end))
      .filter((position) => asked[position]);
    for (const target of targets)
      for (const caller of callers) {
        if (caller === target) continue;
        if (rows.length >= limit) return undefined;
        rows.push({ from: names[caller]!, to: names[target]!, ports });
      }
  }
  return rows;
}

/** Names of ports that nobody has open nothing between workloads that are there. */
function portsOf(reach: Connectivity, connections: ConnectionSet): string {
  return spellPorts(reach, reach.connections.intersect(connections, reach.connections.numbers));
}

/** One row for each workload, direction and set of ports, with all addresses that it is about. */
function outsideRows(reach: Connectivity, names: readonly string[], { from, to }: ReachQuestion): ReachRow[] {
  const ranges = [...reach.endpoints.entries()].flatMap(([number, end]) =>
    end.kind === 'external' ? [{ number, range: end.range }] : [],
  );
  const rows = (name: string, end: number, direction: 'ingress' | 'egress'): ReachRow[] => {
    const open = new Map<ConnectionSet, ExternalRange[]>();
    for (const { number, range } of ranges) {
      if (direction === 'ingress' && range.domain !== undefined) continue;
      const set = reach.connections.intersect(reach.oneWay(end, number, direction), reach.connections.numbers);
      if (set !== reach.connections.none) open.set(set, [...(open.get(set) ?? []), range]);
    }
    return [...open].map(([set, own]) => {
      const addresses = addressesOf(own);
      const outside = nameOutside(addresses);
      const ends = direction === 'ingress' ? { from: outside, to: name } : { from: name, to: outside };
      return { ...ends, ports: spellPorts(reach, set), addresses };
    });
  };
  return names.flatMap((name, position) => {
    const end = reach.classOf[position]!;
    const leaves = isOutsideMeant(to) && isMeant(name, from) ? rows(name, end, 'egress') : [];
    const enters = isOutsideMeant(from) && isMeant(name, to) ? rows(name, end, 'ingress') : [];
    return [...leaves, ...enters];
  });
}

/** What Ingresses, Routes and Gateways lead to, where policies let a controller in of which nothing is known. */
function gateRows(reach: Connectivity, names: readonly string[], to: string | undefined): ReachRow[] {
  const controller = reach.endpoints.findIndex(({ kind }) => kind === 'stranger');
  return reach.gatePaths.flatMap(({ gate, workload, ports }) => {
    if (!isMeant(names[workload]!, to)) return [];
    const entry = reach.oneWay(reach.classOf[workload]!, controller, 'ingress');
    const through = reach.connections.intersect(entry, reach.connections.of(ports));
    if (through === reach.connections.none) return [];
    return [{ from: gate, to: names[workload]!, ports: spellPorts(reach, through) }];
  });
}

/** How many pairs of workloads can connect, by their namespaces; by that of the destination alone where those are too many. */
function byNamespace(reach: Connectivity, network: Network): NamespaceRow[] {
  const namespaces = new Set(reach.workloads.map(({ namespace }) => namespace)).size;
  return namespaces > MOST_NAMESPACES ? byDestination(reach, network) : byBoth(reach, network);
}

/** Namespaces up to which each pair of them is a row. */
const MOST_NAMESPACES = 300;

function byDestination(reach: Connectivity, network: Network): NamespaceRow[] {
  const sizes = Map.groupBy(reach.workloads, ({ namespace }) => namespace);
  const weights = reach.groups.sources.map(({ ends }) =>
    ends.reduce((sum, end) => sum + reach.workloadsOf(end).length, 0),
  );
  const found = new Map<string, NamespaceRow>();
  for (const { destination, sources } of reach.groupRows()) {
    const callers = membersOf(sources).reduce((sum, group) => sum + weights[group]!, 0);
    if (callers === 0) continue;
    for (const [to, many] of countNamespaces(reach, reach.groups.destinations[destination]!.ends)) {
      const of = reach.workloads.length * sizes.get(to)!.length;
      const row = found.get(to) ?? { from: 'any namespace', to, pairs: 0, of, ...networkField(network) };
      row.pairs += callers * many;
      found.set(to, row);
    }
  }
  return [...found.values()];
}

function byBoth(reach: Connectivity, network: Network): NamespaceRow[] {
  const sizes = Map.groupBy(reach.workloads, ({ namespace }) => namespace);
  const found = new Map<string, NamespaceRow>();
  const counts = reach.groups.sources.map(({ ends }) => countNamespaces(reach, ends));
  for (const [destination, passages] of Map.groupBy(reach.groupRows(), (row) => row.destination)) {
    const targets = countNamespaces(reach, reach.groups.destinations[destination]!.ends);
    const callers = new Map<string, number>();
    for (const { sources } of passages)
      for (const group of membersOf(sources))
        for (const [namespace, count] of counts[group]!) callers.set(namespace, (callers.get(namespace) ?? 0) + count);
    for (const [to, many] of targets)
      for (const [from, count] of callers) {
        const key = `${from} ${to}`;
        const of = sizes.get(from)!.length * sizes.get(to)!.length;
        const row = found.get(key) ?? { from, to, pairs: 0, of, ...networkField(network) };
        row.pairs += count * many;
        found.set(key, row);
      }
  }
  return [...found.values()];
}

function countNamespaces(reach: Connectivity, ends: readonly number[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const end of ends)
    for (const position of reach.workloadsOf(end)) {
      const { namespace } = reach.workloads[position]!;
      counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    }
  return counts;
}
