import { type Direction, spellUnseen } from '@breakwater/engine/network/connectivity';
import type { Focus } from './focus.ts';
import type { State } from './read-state.ts';
import { spellConnections, spellRanges } from './spell.ts';

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** One row of exposure: what a workload may do with somebody who is not in the manifests. */
interface Row {
  workload: string;
  direction: Direction;
  peer: string;
  conn: string;
}

/** What workloads are exposed to that is not there: addresses outside, and workloads as rules speak of them. */
export function exposureRows(state: State, focus: Focus): Row[] {
  return sidesOf(state, focus).flatMap(({ index, workload, direction }) => {
    const conn = (peer: number): string => {
      const { connections } = state.reach;
      const open = state.reach.oneWay(state.reach.classOf[index]!, peer, direction);
      return spellConnections(connections, connections.intersect(open, focus.connections ?? connections.everything));
    };
    const entire = state.reach.endpoints.findIndex((end) => isEntireCluster(end));
    return state.reach.endpoints.flatMap((end, number): Row[] => {
      const spelled = conn(number);
      if (spelled === '') return [];
      if (end.kind === 'external')
        return spellRanges(end.range.spans).map((peer) => ({ workload, direction, peer, conn: spelled }));
      if (end.kind !== 'unseen' || (number !== entire && spelled === conn(entire))) return [];
      return [{ workload, direction, peer: spellUnseen(end.peer), conn: spelled }];
    });
  });
}

function isEntireCluster(end: State['reach']['endpoints'][number]): boolean {
  return end.kind === 'unseen' && spellUnseen(end.peer) === 'entire-cluster';
}

/** Workloads and directions about which no policy says anything; not told where only one connection is asked for. */
export function unprotectedOf(state: State, focus: Focus): [string, Direction][] {
  if (focus.connections !== undefined) return [];
  return sidesOf(state, focus).flatMap(({ index, workload, direction }): [string, Direction][] => {
    const end = state.reach.endpoints[state.reach.classOf[index]!]!;
    const free = end.kind === 'workloads' && state.reach.decisions.policiesOn(end.class, direction).length === 0;
    return free ? [[workload, direction]] : [];
  });
}

function sidesOf({ names }: State, focus: Focus): { index: number; workload: string; direction: Direction }[] {
  return names.flatMap((workload, index) =>
    DIRECTIONS.filter((direction) => focus.side(workload, direction)).map((direction) => ({
      index,
      workload,
      direction,
    })),
  );
}
