import type { AttackEdge, AttackView } from '@breakwater/model';
import { edgeOdds } from './odds.ts';
import type { Routes } from './routes.ts';

/** Ways on that are drawn. */
const WAYS_ON = 3;

/** Further edges at the workload itself that are drawn. */
const NEIGHBOURS = 24;

/** The part of the graph around one workload, for drawing: the likeliest way in, the best ways on, its likeliest neighbours. */
export function attackViewOf(node: string, edges: readonly AttackEdge[], routes: Routes): AttackView {
  const own = edges.filter((edge) => edge.from === node || edge.to === node);
  const near = own.toSorted((left, right) => edgeOdds(right) - edgeOdds(left)).slice(0, NEIGHBOURS);
  const chosen = new Set([...routes.inTo(node), ...routes.onFrom(node, WAYS_ON).flat(), ...near]);
  const ids = new Set([node, ...[...chosen].flatMap((edge) => [edge.from, edge.to])]);
  return {
    nodes: [...ids].flatMap((id) => routes.nodes.get(id) ?? []),
    edges: [...chosen],
  };
}
