import { digest } from '@breakwater/engine/network';
import type { Exposure, Reachability, Workload } from '@breakwater/model';

/** Workloads that the network treats alike. */
export interface WorkloadGroup {
  id: string;
  cluster: string;
  namespace: string;
  members: Workload[];
}

/** Groups above which each namespace is one, but for what is open to the outside: there are too many to send. */
const MOST_GROUPS = 1_500;

/**
 * Joins the workloads of a namespace that the network treats alike: the same others reach them, they reach the same
 * others, and they are open to the outside alike.
 */
export function groupWorkloads(workloads: readonly Workload[], reachability: Reachability): WorkloadGroup[] {
  const marks = marksOf(reachability);
  const fine = groupBy(workloads, ({ id }) => marks.get(id)?.join() ?? '');
  if (fine.length <= MOST_GROUPS) return fine;
  const open = new Map(reachability.exposures.map(({ workload, from }) => [workload, from]));
  return groupBy(workloads, ({ id }) => open.get(id) ?? '');
}

function groupBy(workloads: readonly Workload[], markOf: (workload: Workload) => string): WorkloadGroup[] {
  const groups = Map.groupBy(workloads, (workload) =>
    JSON.stringify([workload.cluster, workload.namespace, markOf(workload)]),
  );
  return [...groups.values()].map((members) => {
    const [{ cluster, namespace }] = members as [Workload, ...Workload[]];
    const ids = members.map(({ id }) => id).sort();
    return { id: `g-${digest(ids.join('\n'))}`, cluster, namespace, members };
  });
}

/** What tells workloads apart. Lists that several entries share are marked once. */
function marksOf({ groups, exposures, egressToInternet }: Reachability): Map<string, string[]> {
  const marks = new Map<string, string[]>();
  const mark = (id: string, text: string) => {
    const known = marks.get(id);
    if (known === undefined) marks.set(id, [text]);
    else known.push(text);
  };
  const lists = new Map<readonly string[], number>();
  for (const { from, to } of groups) {
    for (const [list, side] of [
      [from, 'from'],
      [to, 'to'],
    ] as const) {
      if (lists.has(list)) continue;
      lists.set(list, lists.size);
      for (const id of list) mark(id, `${side} ${lists.get(list)}`);
    }
  }
  for (const [id, own] of Map.groupBy(exposures, ({ workload }) => workload)) mark(id, openTo(own));
  for (const id of egressToInternet) mark(id, 'exit');
  return marks;
}

const openTo = (exposures: readonly Exposure[]): string =>
  exposures.some(({ from }) => from === 'internet') ? 'internet' : 'network';
