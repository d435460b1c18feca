import { decidersOf, type ExplainedPart, explain } from '@breakwater/engine/network/connectivity';
import type { Focus } from './focus.ts';
import { CONTROLLER, controllerOf, gatesByWorkload, pairsOf } from './pair-rows.ts';
import { networkField, type State } from './read-state.ts';
import { spellConnections } from './spell.ts';

/** Why a pair of ends may connect or not. */
export interface Row {
  src: string;
  dst: string;
  network?: string;
  allowed: string;
  denied: string;
  policies: string[];
}

/** A part of the connections of a pair, with the names of what decides it. */
type Part = Pick<ExplainedPart, 'connections' | 'allowed'> & { deciders: string[] };

/** The reasons for every pair; `only` one side where the case asks for it. */
export function explainRows(state: State, focus: Focus, only: string | undefined): Row[] {
  const rows: Row[] = [];
  const add = (src: string, dst: string, parts: readonly Part[]): void => {
    const row = rowOf(
      state,
      focus,
      parts.filter(({ allowed }) => only === undefined || allowed === (only === 'allow')),
    );
    if (row !== undefined && focus.pair(src, dst)) rows.push({ src, dst, ...networkField(state.network), ...row });
  };
  for (const { source, destination, src, dst } of pairsOf(state))
    add(src, dst, explain(state.reach, source, destination).map(named));
  for (const [workload, path] of gatesByWorkload(state))
    add(CONTROLLER, state.names[workload]!, gateParts(state, workload, path));
  return rows;
}

const named = (part: ExplainedPart): Part => ({ ...part, deciders: decidersOf(part) });

/** What the gates open, each by those that do, and what none of them opens. */
function gateParts(state: State, workload: number, { gates }: { gates: string[] }): Part[] {
  const { connections, gatePaths } = state.reach;
  const own = gatePaths.filter((path) => path.workload === workload);
  return explain(state.reach, controllerOf(state), state.reach.classOf[workload]!).flatMap((part): Part[] => {
    let closed = part.connections;
    const open = own.flatMap(({ gate, ports }): Part[] => {
      const through = connections.intersect(part.connections, connections.of(ports));
      closed = connections.subtract(closed, through);
      return through === connections.none
        ? []
        : [{ connections: through, allowed: part.allowed, deciders: [gate, ...decidersOf(part)] }];
    });
    const rest = { connections: closed, allowed: false, deciders: gates };
    return closed === connections.none ? open : [...open, rest];
  });
}

function rowOf(
  state: State,
  focus: Focus,
  parts: readonly Part[],
): Pick<Row, 'allowed' | 'denied' | 'policies'> | undefined {
  const { connections } = state.reach;
  const sets = { allowed: connections.none, denied: connections.none };
  const policies = new Set<string>();
  for (const part of parts) {
    const wanted = connections.intersect(part.connections, focus.connections ?? connections.everything);
    if (wanted === connections.none) continue;
    const side = part.allowed ? 'allowed' : 'denied';
    sets[side] = connections.union(sets[side], wanted);
    for (const name of part.deciders) policies.add(name);
  }
  if (sets.allowed === connections.none && sets.denied === connections.none) return undefined;
  return {
    allowed: spellConnections(connections, sets.allowed),
    denied: spellConnections(connections, sets.denied),
    policies: [...policies],
  };
}
