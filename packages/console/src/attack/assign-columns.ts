import type { AttackView } from '@breakwater/model';

/** Steps of the likeliest way in and on, as `AttackEdge.id`s in order. */
export interface MainWay {
  path: readonly string[];
  onward: readonly string[];
}

/**
 * Column of each node: 0 for the workload in focus, negative for what leads to it, positive for what it leads to. Nodes
 * of the main way stand where their step has them, the others as near to the focus as their shortest way. What is tied
 * to the focus by no way is left out.
 */
export function assignColumns({ edges }: AttackView, focus: string, main: MainWay): Map<string, number> {
  const byId = new Map(edges.map((edge) => [edge.id, edge]));
  const columns = new Map([[focus, 0]]);
  const place = (node: string | undefined, column: number) => {
    if (node !== undefined && !columns.has(node)) columns.set(node, column);
  };
  main.path.forEach((id, index) => {
    place(byId.get(id)?.from, index - main.path.length);
  });
  main.onward.forEach((id, index) => {
    place(byId.get(id)?.to, index + 1);
  });
  const walk = (from: 'from' | 'to', to: 'from' | 'to', step: 1 | -1) => {
    let front = [...columns].filter(([, column]) => column * step >= 0).map(([node]) => node);
    while (front.length > 0) {
      const next: string[] = [];
      for (const edge of edges) {
        if (!front.includes(edge[from]) || columns.has(edge[to])) continue;
        columns.set(edge[to], (columns.get(edge[from]) ?? 0) + step);
        next.push(edge[to]);
      }
      front = next;
    }
  };
  walk('to', 'from', -1);
  walk('from', 'to', 1);
  return columns;
}
