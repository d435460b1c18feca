import type { AttackEdge, AttackGraph } from '@breakwater/model';
import type { GraphDifference } from './what-if.ts';

function sameCauses(left: AttackEdge['causes'], right: AttackEdge['causes']): boolean {
  return (
    left.length === right.length &&
    left.every((cause, index) => {
      const other = right[index]!;
      return (
        cause.key === other.key &&
        cause.shared === other.shared &&
        cause.local === other.local &&
        cause.component === other.component
      );
    })
  );
}

/** Whether two edges with one id carry alike. Words, places and ranges may differ. */
function sameEdge(left: AttackEdge, right: AttackEdge): boolean {
  return (
    left === right ||
    (left.from === right.from &&
      left.to === right.to &&
      left.probability === right.probability &&
      sameCauses(left.causes, right.causes))
  );
}

/**
 * What turns one graph into another, or undefined where only a whole run can tell: a new node falls or has value, or
 * an origin comes or goes. A node that is gone keeps no edge and no value.
 */
export function differenceOf(before: AttackGraph, after: AttackGraph): GraphDifference | undefined {
  const nodes = new Map(before.nodes.map((node) => [node.id, node]));
  const values = new Map<string, number>();
  for (const node of after.nodes) {
    const old = nodes.get(node.id);
    if (old === undefined || (old.kind === 'origin') !== (node.kind === 'origin')) return undefined;
    if (old.value !== node.value) values.set(node.id, node.value);
    nodes.delete(node.id);
  }
  for (const gone of nodes.values()) {
    if (gone.kind === 'origin') return undefined;
    values.set(gone.id, 0);
  }
  const edges = new Map(before.edges.map((edge) => [edge.id, edge]));
  const removed: string[] = [];
  const added: AttackEdge[] = [];
  for (const edge of after.edges) {
    const old = edges.get(edge.id);
    edges.delete(edge.id);
    if (old !== undefined && sameEdge(old, edge)) continue;
    if (old !== undefined) removed.push(edge.id);
    added.push(edge);
  }
  removed.push(...edges.keys());
  return { removed, added, values };
}
