import type { AttackEdge } from '@breakwater/model';
import { isOutage } from '../graph/index.ts';
import type { Layout } from '../simulation/index.ts';
import { edgeOdds } from './odds.ts';

/** Steps that are tried from each node: those that open most. */
const BRANCHES = 8;

/** Nodes that a search goes on from, the likeliest first. */
const MOST_NODES = 48;

/** How much more an asset counts as the end of a way than a workload of the same value. */
const ASSET = 2;

/** A node that an attacker may get to. */
interface Reached {
  odds: number;
  /** Edges of the way there, by their positions in the layout. */
  way: number[];
}

/** The ways on from nodes of a graph that are worth naming. */
export class BestWays {
  private readonly layout: Layout;
  private readonly impacts: Float64Array;
  private readonly branches = new Map<number, number[]>();

  /** `impacts` are those of the layout's nodes. */
  constructor(layout: Layout, impacts: Float64Array) {
    this.layout = layout;
    this.impacts = impacts;
  }

  /**
   * Up to `count` ways from some nodes that fall together, each over a first node of its own, none over nodes to `avoid`: first those whose first
   * step opens most, each to the end that is worth most in expectation. Where nothing of value is in reach a way ends at
   * the machine that falls.
   */
  from(starts: readonly number[], avoid: ReadonlySet<number>, count: number): AttackEdge[][] {
    const best = new Map<number, { way: number[]; worth: number }>();
    for (const [node, { odds, way }] of this.search(starts, avoid)) {
      const first = this.layout.to[way[0]!]!;
      const worth = odds * this.worthAsEnd(node);
      if (worth > (best.get(first)?.worth ?? 0)) best.set(first, { way, worth });
    }
    return [...best.values()]
      .map(({ way, worth }) => ({ way, opens: Math.max(worth, this.opens(way[0]!)) }))
      .sort((left, right) => right.opens - left.opens || left.way[0]! - right.way[0]!)
      .slice(0, count)
      .map(({ way }) => way.map((edge) => this.edge(edge)));
  }

  /**
   * Points at the end of a way; an asset says more than a workload, and a machine counts where there is nothing else. An
   * outage leads nowhere and is the least of what an attacker does.
   */
  private worthAsEnd(node: number): number {
    const { id, kind } = this.layout.graph.nodes[node]!;
    if (isOutage(id)) return 0;
    const value = this.layout.values[node]! * (kind === 'asset' ? ASSET : 1);
    return value || (kind === 'node' ? Number.MIN_VALUE : 0);
  }

  /** Expected points behind a step that the workload's own settings open; 0 for one that only its neighbours do. */
  private opens(edge: number): number {
    const { kind } = this.edge(edge);
    return kind === 'reach' || kind === 'exploit' ? 0 : this.odds(edge) * this.impacts[this.layout.to[edge]!]!;
  }

  /** The likeliest ways to nodes around some starts. */
  private search(starts: readonly number[], avoid: ReadonlySet<number>): Map<number, Reached> {
    const reached = new Map<number, Reached>();
    const open = new Map<number, Reached>(starts.map((start) => [start, { odds: 1, way: [] }]));
    while (open.size > 0 && reached.size < MOST_NODES + starts.length - 1) {
      const [node, here] = [...open].reduce((best, each) => (each[1].odds > best[1].odds ? each : best));
      open.delete(node);
      reached.set(node, here);
      for (const edge of this.branchesOf(node)) {
        const target = this.layout.to[edge]!;
        const odds = here.odds * this.odds(edge);
        if (reached.has(target) || avoid.has(target) || odds <= (open.get(target)?.odds ?? 0)) continue;
        open.set(target, { odds, way: [...here.way, edge] });
      }
    }
    for (const start of starts) reached.delete(start);
    return reached;
  }

  /** Edges out of a node that open most on average. */
  private branchesOf(node: number): number[] {
    const known = this.branches.get(node);
    if (known !== undefined) return known;
    const { outStart, to } = this.layout;
    const worths: { edge: number; worth: number }[] = [];
    for (let edge = outStart[node]!; edge < outStart[node + 1]!; edge++) {
      worths.push({ edge, worth: this.odds(edge) * this.impacts[to[edge]!]! });
    }
    const best = worths.sort((left, right) => right.worth - left.worth || left.edge - right.edge).slice(0, BRANCHES);
    const edges = best.filter(({ edge }) => this.odds(edge) > 0).map(({ edge }) => edge);
    this.branches.set(node, edges);
    return edges;
  }

  private edge(position: number): AttackEdge {
    return this.layout.graph.edges[this.layout.source[position]!]!;
  }

  private odds(position: number): number {
    return edgeOdds(this.edge(position));
  }
}
