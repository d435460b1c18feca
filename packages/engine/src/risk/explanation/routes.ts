import type { AttackEdge, AttackNode, PathStep } from '@breakwater/model';
import type { Simulation } from '../simulation/index.ts';
import { PathFinder, type Paths } from './likeliest-paths.ts';
import { edgeOdds } from './odds.ts';

/** Targets to which ways are looked for, in graphs of up to so many edges: a search each. */
const targetLimits = [
  { edges: 20_000, targets: 64 },
  { edges: Number.POSITIVE_INFINITY, targets: 12 },
];

/** The likeliest ways in and on, for every workload. */
export class Routes {
  readonly nodes: ReadonlyMap<string, AttackNode>;
  private readonly simulation: Simulation;
  private readonly inward: Paths;
  private readonly targets: { index: number; value: number; paths: Paths }[];

  constructor(simulation: Simulation) {
    const { layout, graph } = simulation;
    this.simulation = simulation;
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const finder = new PathFinder(layout);
    this.inward = finder.from(layout.origins);
    const { targets } = targetLimits.find(({ edges }) => graph.edges.length <= edges)!;
    this.targets = graph.nodes
      .map((node, index) => ({ index, value: node.value }))
      .filter(({ value }) => value > 0)
      .sort((left, right) => right.value - left.value)
      .slice(0, targets)
      .map((target) => ({ ...target, paths: finder.to(target.index) }));
  }

  /** Edges of the likeliest way to a node from where attackers start; empty where there is none. */
  inTo(node: string): AttackEdge[] {
    const index = this.simulation.layout.nodeIndex.get(node);
    return index === undefined ? [] : this.inward.path(index);
  }

  /** Ways on from a node, to what is worth most at the odds of getting there, best first. */
  onFrom(node: string, count = 1): AttackEdge[][] {
    const start = this.simulation.layout.nodeIndex.get(node);
    if (start === undefined) return [];
    return this.targets
      .filter((target) => target.index !== start)
      .map(({ value, paths }) => ({ worth: value * paths.odds(start), paths }))
      .filter(({ worth }) => worth > 0)
      .sort((left, right) => right.worth - left.worth)
      .slice(0, count)
      .map(({ paths }) => paths.path(start));
  }

  /** Edges as steps in words; what only groups others (a hub) is passed over, its edges joined. */
  steps(edges: AttackEdge[]): PathStep[] {
    const steps: PathStep[] = [];
    let start: AttackEdge | undefined;
    let odds = 1;
    for (const edge of edges) {
      start ??= edge;
      odds *= edgeOdds(edge);
      if (this.nodes.get(edge.to)?.kind === 'hub' && edge !== edges.at(-1)) continue;
      steps.push({
        from: this.label(start.from),
        to: this.label(edge.to),
        phrase: edge.phrase === '' ? start.phrase : edge.phrase,
        probability: odds,
        reason: [...new Set([start.reason, edge.reason])].filter((reason) => reason !== '').join('; '),
        edge: edge.id,
      });
      start = undefined;
      odds = 1;
    }
    return steps;
  }

  private label(node: string): string {
    return this.nodes.get(node)?.label ?? node;
  }
}
