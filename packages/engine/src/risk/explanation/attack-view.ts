import type { AttackEdge, AttackView } from '@breakwater/model';
import { asWorkloads } from './as-workloads.ts';
import { edgeOdds } from './odds.ts';
import type { Routes } from './routes.ts';

/** Ways on that are drawn. */
const WAYS_ON = 3;

/** Further edges at the workload itself that are drawn. */
const NEIGHBOURS = 24;

/** Draws the parts of a graph around single workloads. Edges are looked up by their ends, not searched anew for each. */
export function attackViews(edges: readonly AttackEdge[], routes: Routes): (node: string) => AttackView {
  const touching = new Map<string, AttackEdge[]>();
  for (const edge of asWorkloads(edges)) {
    for (const end of edge.from === edge.to ? [edge.from] : [edge.from, edge.to]) {
      const known = touching.get(end);
      if (known) known.push(edge);
      else touching.set(end, [edge]);
    }
  }
  return (node) => attackViewOf(node, touching.get(node) ?? [], routes);
}

/** The likeliest way in, the best ways on, and the likeliest of the workload's own edges. */
function attackViewOf(node: string, own: readonly AttackEdge[], routes: Routes): AttackView {
  const near = own.toSorted((left, right) => edgeOdds(right) - edgeOdds(left)).slice(0, NEIGHBOURS);
  const all = [...routes.inTo(node), ...routes.onFrom(node, WAYS_ON).flat(), ...near];
  const chosen = new Map(all.map((edge) => [edge.id, edge]));
  const ids = new Set([node, ...[...chosen.values()].flatMap((edge) => [edge.from, edge.to])]);
  return {
    nodes: [...ids].flatMap((id) => routes.nodes.get(id) ?? []),
    edges: [...chosen.values()],
  };
}
