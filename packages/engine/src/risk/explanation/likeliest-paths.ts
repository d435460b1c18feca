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

/** Likeliest paths between some nodes and all others: probability of each, and the edge to take next. */
export interface Paths {
  /** Probability of the likeliest path, 0 where there is none. */
  odds(node: number): number;
  /** Edges of the likeliest path, in the order in which an attacker takes them. */
  path(node: number): AttackEdge[];
}

/** Graph and odds of its edges, for many searches. */
export class PathFinder {
  private readonly layout: Layout;
  private readonly lengths: Float64Array;

  constructor(layout: Layout) {
    this.layout = layout;
    this.lengths = Float64Array.from(layout.source, (source) => -Math.log(edgeOdds(layout.graph.edges[source]!)));
  }

  /** From the nearest of `starts` to every node: Dijkstra over -log p. */
  from(starts: Iterable<number>): Paths {
    const { outStart, to, from } = this.layout;
    return this.search(starts, outStart, (at) => at, to, from, false);
  }

  /** From every node to `end`. */
  to(end: number): Paths {
    const { inStart, inEdges, to, from } = this.layout;
    return this.search([end], inStart, (at) => inEdges[at]!, from, to, true);
  }

  private search(
    starts: Iterable<number>,
    rows: Int32Array,
    edgeAt: (at: number) => number,
    ahead: Int32Array,
    behind: Int32Array,
    backward: boolean,
  ): Paths {
    const costs = new Float64Array(this.layout.values.length).fill(Number.POSITIVE_INFINITY);
    const via = new Int32Array(costs.length).fill(-1);
    const queue = new Queue();
    for (const start of starts) {
      costs[start] = 0;
      queue.add(start, 0);
    }
    for (let next = queue.take(); next !== undefined; next = queue.take()) {
      if (next.cost > costs[next.node]!) continue;
      for (let at = rows[next.node]!; at < rows[next.node + 1]!; at++) {
        const edge = edgeAt(at);
        const cost = next.cost + this.lengths[edge]!;
        if (!(cost < costs[ahead[edge]!]!)) continue;
        costs[ahead[edge]!] = cost;
        via[ahead[edge]!] = edge;
        queue.add(ahead[edge]!, cost);
      }
    }
    return {
      odds: (node) => Math.exp(-costs[node]!),
      path: (node) => {
        const edges: AttackEdge[] = [];
        for (let edge = via[node]!; edge !== -1; edge = via[behind[edge]!]!) edges.push(this.edge(edge));
        return backward ? edges : edges.reverse();
      },
    };
  }

  private edge(position: number): AttackEdge {
    return this.layout.graph.edges[this.layout.source[position]!]!;
  }
}
