import type { AttackEdge } from '@breakwater/model';
import type { Layout } from '../simulation/index.ts';
import { edgeOdds } from './odds.ts';

/** Nodes by cost, cheapest first: a binary heap. An entry that a cheaper one has overtaken is skipped when taken. */
class Queue {
  private readonly nodes: number[] = [];
  private readonly costs: number[] = [];

  add(node: number, cost: number): void {
    let at = this.nodes.length;
    for (let parent = (at - 1) >> 1; at > 0 && this.costs[parent]! > cost; parent = (at - 1) >> 1) {
      this.nodes[at] = this.nodes[parent]!;
      this.costs[at] = this.costs[parent]!;
      at = parent;
    }
    this.nodes[at] = node;
    this.costs[at] = cost;
  }

  take(): { node: number; cost: number } | undefined {
    const node = this.nodes[0];
    if (node === undefined) return undefined;
    const cost = this.costs[0]!;
    const lastNode = this.nodes.pop()!;
    const lastCost = this.costs.pop()!;
    if (this.nodes.length > 0) this.sink(lastNode, lastCost);
    return { node, cost };
  }

  private sink(node: number, cost: number): void {
    const size = this.nodes.length;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.costs[child + 1]! < this.costs[child]!) child++;
      if (this.costs[child]! >= cost) break;
      this.nodes[at] = this.nodes[child]!;
      this.costs[at] = this.costs[child]!;
      at = child;
    }
    this.nodes[at] = node;
    this.costs[at] = cost;
  }
}

/** Likeliest paths from some nodes to all others. */
export interface Paths {
  /** Probability of the likeliest path to a node, 0 where there is none. */
  odds(node: number): number;
  /** Its edges, in the order in which an attacker takes them. */
  path(node: number): AttackEdge[];
}

/** From the nearest of `starts` to every node: Dijkstra over -log p, causes included. */
export function likeliestPaths(layout: Layout, starts: Iterable<number>): Paths {
  const { outStart, to, from, graph, source } = layout;
  const costs = new Float64Array(layout.values.length).fill(Number.POSITIVE_INFINITY);
  const via = new Int32Array(costs.length).fill(-1);
  const queue = new Queue();
  for (const start of starts) {
    costs[start] = 0;
    queue.add(start, 0);
  }
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    if (next.cost > costs[next.node]!) continue;
    for (let edge = outStart[next.node]!; edge < outStart[next.node + 1]!; edge++) {
      const cost = next.cost - Math.log(edgeOdds(graph.edges[source[edge]!]!));
      if (!(cost < costs[to[edge]!]!)) continue;
      costs[to[edge]!] = cost;
      via[to[edge]!] = edge;
      queue.add(to[edge]!, cost);
    }
  }
  return {
    odds: (node) => Math.exp(-costs[node]!),
    path: (node) => {
      const edges: AttackEdge[] = [];
      for (let edge = via[node]!; edge !== -1; edge = via[from[edge]!]!) edges.push(graph.edges[source[edge]!]!);
      return edges.reverse();
    },
  };
}
