import type { AttackEdge, AttackNode, PathStep } from '@breakwater/model';
import { nodeId } from '../graph/index.ts';
import { allImpacts, type Layout, type Simulation } from '../simulation/index.ts';
import { likeliestPaths, type Paths } from './likeliest-paths.ts';
import { edgeOdds } from './odds.ts';

/** A poisoned image comes to every workload alike and tells nothing of this one: another way in as likely as this share goes first. */
const IMAGE_SHARE = 0.1;

/** Steps after which a way on is long enough. */
const LONGEST_WAY = 6;

/** Steps that are tried from each node before another way is taken. */
const BRANCHES = 3;

/** The likeliest ways in and on, for every workload. */
export class Routes {
  readonly nodes: ReadonlyMap<string, AttackNode>;
  private readonly layout: Layout;
  private readonly impacts: Float64Array;
  private readonly fromImages: Paths;
  private readonly fromElsewhere: Paths;

  constructor({ layout, graph }: Simulation) {
    this.layout = layout;
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    this.impacts = allImpacts(layout);
    const images = layout.nodeIndex.get(nodeId.images) ?? -1;
    const elsewhere = layout.origins.filter((origin) => origin !== images);
    this.fromElsewhere = likeliestPaths(layout, elsewhere);
    this.fromImages = likeliestPaths(layout, images === -1 ? [] : [images]);
  }

  /** Edges of the likeliest way to a node from where attackers start; empty where there is none. */
  inTo(node: string): AttackEdge[] {
    const index = this.layout.nodeIndex.get(node);
    if (index === undefined) return [];
    const image = this.fromImages.odds(index);
    const paths = this.fromElsewhere.odds(index) >= image * IMAGE_SHARE ? this.fromElsewhere : this.fromImages;
    return paths.path(index);
  }

  /** Ways on from a node along the steps that carry most value, each to the first thing taken; best first. */
  onFrom(node: string, count = 1): AttackEdge[][] {
    const start = this.layout.nodeIndex.get(node);
    if (start === undefined) return [];
    const ways: AttackEdge[][] = [];
    for (const edge of this.bestEdges(start, new Set([start]))) {
      const way = ways.length < count ? this.follow(edge, new Set([start])) : undefined;
      if (way !== undefined) ways.push(way);
    }
    return ways;
  }

  /** Edges that leave a node for others than those seen, by the value that each opens on average. */
  private bestEdges(node: number, seen: ReadonlySet<number>): number[] {
    const { outStart, to } = this.layout;
    const worths: { edge: number; worth: number }[] = [];
    for (let edge = outStart[node]!; edge < outStart[node + 1]!; edge++) {
      const worth = edgeOdds(this.edge(edge)) * this.impacts[to[edge]!]!;
      if (worth > 0 && !seen.has(to[edge]!)) worths.push({ edge, worth });
    }
    return worths.sort((left, right) => right.worth - left.worth || left.edge - right.edge).map(({ edge }) => edge);
  }

  /** The best way that begins with an edge and ends at something taken; undefined where it only leads back. */
  private follow(edge: number, seen: ReadonlySet<number>): AttackEdge[] | undefined {
    const target = this.layout.to[edge]!;
    const { kind } = this.layout.graph.nodes[target]!;
    if (kind === 'asset' || kind === 'workload') return [this.edge(edge)];
    if (seen.size > LONGEST_WAY) return undefined;
    const further = new Set(seen).add(target);
    const next = this.bestEdges(target, further).slice(0, BRANCHES);
    for (const each of kind === 'node' ? next.filter((one) => this.endsAt(one) === 'asset') : next) {
      const rest = this.follow(each, further);
      if (rest !== undefined) return [this.edge(edge), ...rest];
    }
    return kind === 'node' ? [this.edge(edge)] : undefined;
  }

  /** Kind of the node to which an edge leads. */
  private endsAt(edge: number): AttackNode['kind'] {
    return this.layout.graph.nodes[this.layout.to[edge]!]!.kind;
  }

  private edge(position: number): AttackEdge {
    return this.layout.graph.edges[this.layout.source[position]!]!;
  }

  /** Whether a node only joins others. */
  isHub(node: string): boolean {
    return this.nodes.get(node)?.kind === 'hub';
  }

  label(node: string): string {
    return this.nodes.get(node)?.label ?? node;
  }

  /** Edges as steps in words; what only joins others (a hub) is passed over, its edges become one step. */
  steps(edges: AttackEdge[]): PathStep[] {
    const steps: PathStep[] = [];
    let joined: AttackEdge[] = [];
    for (const edge of edges) {
      joined.push(edge);
      if (this.isHub(edge.to) && edge !== edges.at(-1)) continue;
      steps.push(this.step(joined));
      joined = [];
    }
    return steps;
  }

  private step(edges: AttackEdge[]): PathStep {
    const last = edges.at(-1)!;
    return {
      from: this.label(edges[0]!.from),
      to: this.label(last.to),
      phrase: this.phrase(edges),
      probability: edges.reduce((odds, edge) => odds * edgeOdds(edge), 1),
      reason: [...new Set(edges.map(({ reason }) => reason))].filter((reason) => reason !== '').join('; '),
      edge: last.id,
    };
  }

  /** What the joined edges say: coming to a hub without "over the network", leaving it only by what is an attack. */
  private phrase(edges: AttackEdge[]): string {
    if (edges.length === 1) return edges[0]!.phrase;
    const saying = edges.filter((edge) =>
      this.isHub(edge.from) ? edge.kind === 'entry' || edge.kind === 'exploit' : edge.kind !== 'reach',
    );
    return (saying.length === 0 ? edges : saying).map(({ phrase }) => phrase).join(', ');
  }
}
