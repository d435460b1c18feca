import { digest } from '@breakwater/engine/network';
import type { Exposure, Reachability, Workload } from '@breakwater/model';

/** Workloads that the network treats alike. */
export interface WorkloadGroup {
  id: string;
  cluster: string;
  /** Empty where several namespaces are joined. */
  namespace: string;
  members: Workload[];
}

/** Groups above which those of several namespaces that are treated alike are joined. */
const MOST_GROUPS = 60;

/**
 * Joins the workloads of a namespace that the network treats alike: the same others reach them, they reach the same
 * others, and they are open to the outside alike. Where that leaves too many, namespaces are joined too.
 */
export function groupWorkloads(workloads: readonly Workload[], reachability: Reachability): WorkloadGroup[] {
  const marks = marksOf(reachability);
  const keyOf = ({ id, cluster, namespace }: Workload, apart: boolean) =>
    JSON.stringify([cluster, apart ? namespace : '', marks.get(id)?.join() ?? '']);
  const apart = Map.groupBy(workloads, (workload) => keyOf(workload, true));
  const groups = apart.size <= MOST_GROUPS ? apart : Map.groupBy(workloads, (workload) => keyOf(workload, false));
  return [...groups.values()].map((members) => {
    const [{ cluster, namespace }] = members as [Workload, ...Workload[]];
    const same = members.every((member) => member.namespace === namespace);
    return {
      id: `g-${digest(
        members
          .map(({ id }) => id)
          .sort()
          .join('\n'),
      )}`,
      cluster,
      namespace: same ? namespace : '',
      members,
    };
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
