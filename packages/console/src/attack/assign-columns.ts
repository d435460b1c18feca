import type { AttackPicture } from './draw-steps.ts';

/**
 * Column of each node: 0 for the workload in focus, negative for what leads to it, positive for what it leads to. Nodes
 * of the main way stand where their step has them, the others as near to the focus as their shortest way. A node that is
 * on both sides stands onward: what falls next says more than what could also fall first. What is tied to the focus by no
 * way is left out.
 */
export function assignColumns({ steps, path, onward }: AttackPicture, focus: string): Map<string, number> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const columns = new Map([[focus, 0]]);
  const place = (node: string | undefined, column: number) => {
    if (node !== undefined && !columns.has(node)) columns.set(node, column);
  };
  path.forEach((id, index) => {
    place(byId.get(id)?.from, index - path.length);
  });
  onward.forEach((id, index) => {
    place(byId.get(id)?.to, index + 1);
  });
  const walk = (from: 'from' | 'to', to: 'from' | 'to', step: 1 | -1) => {
    let front = [...columns].filter(([, column]) => column * step >= 0).map(([node]) => node);
    while (front.length > 0) {
      const next: string[] = [];
      for (const edge of steps) {
        if (!front.includes(edge[from]) || columns.has(edge[to])) continue;
        columns.set(edge[to], (columns.get(edge[from]) ?? 0) + step);
        next.push(edge[to]);
      }
      front = next;
    }
  };
  walk('from', 'to', 1);
  walk('to', 'from', -1);
  return columns;
}
