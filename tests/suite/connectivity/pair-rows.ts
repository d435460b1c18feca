import type { ConnectionSet, Endpoint } from '@breakwater/engine/network/connectivity';
import type { Focus } from './focus.ts';
import { networkField, type State } from './read-state.ts';
import { spellConnections, spellRanges } from './spell.ts';

export const CONTROLLER = '{ingress-controller}';

/** One row of the list of connections. */
export interface Row {
  src: string;
  dst: string;
  conn: string;
  network?: string;
}

/** The names of what an end stands for; none for ends that are told elsewhere. */
export function namesOf(state: State, end: Endpoint): string[] {
  if (end.kind === 'workloads') return end.class.members.map((index) => state.names[index]!);
  return end.kind === 'external' && state.network.role === 'primary' ? spellRanges(end.range.spans) : [];
}

/** The number of the controller that no manifest holds. */
export function controllerOf({ reach }: State): number {
  return reach.endpoints.findIndex(({ kind }) => kind === 'stranger');
}

/** Every pair of ends that may be listed: of two ranges outside, and of a workload with itself, nothing is said. */
export function* pairsOf(state: State): Generator<{ source: number; destination: number; src: string; dst: string }> {
  const ends = state.reach.endpoints.map((end) => ({ kind: end.kind, names: namesOf(state, end) }));
  for (const [source, from] of ends.entries())
    for (const [destination, to] of ends.entries()) {
      if (from.kind === 'external' && to.kind === 'external') continue;
      for (const src of from.names)
        for (const dst of to.names) if (src !== dst) yield { source, destination, src, dst };
    }
}

/** What Ingresses, Routes and Gateways lead to, by workload. */
export function gatesByWorkload({ reach }: State): Map<number, { gates: string[]; connections: ConnectionSet }> {
  const found = new Map<number, { gates: string[]; connections: ConnectionSet }>();
  for (const { gate, workload, ports } of reach.gatePaths) {
    const known = found.get(workload) ?? { gates: [], connections: reach.connections.none };
    known.gates.push(gate);
    known.connections = reach.connections.union(known.connections, reach.connections.of(ports));
    found.set(workload, known);
  }
  return found;
}

/** Who may open which connections to whom. */
export function connectivityRows(state: State, focus: Focus): Row[] {
  const { reach } = state;
  const rows: Row[] = [];
  const add = (src: string, dst: string, connections: ConnectionSet): void => {
    const wanted =
      focus.connections === undefined ? connections : reach.connections.intersect(connections, focus.connections);
    const conn = spellConnections(reach.connections, wanted);
    if (conn !== '' && focus.pair(src, dst)) rows.push({ src, dst, conn, ...networkField(state.network) });
  };
  for (const { source, destination, src, dst } of pairsOf(state))
    add(src, dst, reach.connections.intersect(reach.between(source, destination), reach.connections.numbers));
  for (const [workload, { connections }] of gatesByWorkload(state)) {
    const allowed = reach.oneWay(reach.classOf[workload]!, controllerOf(state), 'ingress');
    add(CONTROLLER, state.names[workload]!, reach.connections.intersect(connections, allowed));
  }
  return rows;
}
