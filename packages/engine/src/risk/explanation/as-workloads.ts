import type { AttackEdge } from '@breakwater/model';
import { workloadNode } from '../graph/index.ts';

/** Steps in which a container stands for its workload, as people speak. What only joins the two goes. */
export function asWorkloads(edges: readonly AttackEdge[]): AttackEdge[] {
  return edges.flatMap((edge) => {
    const [from, to] = [workloadNode(edge.from), workloadNode(edge.to)];
    if (from === edge.from && to === edge.to) return edge;
    return from === to && edge.kind === 'reach' ? [] : { ...edge, from, to };
  });
}
