import type { AttackEdge, AttackNode, PathStep } from '@breakwater/model';
import { nodeId, workloadNode } from '../graph/index.ts';
import { allImpacts, type Layout, type Simulation } from '../simulation/index.ts';
import { asWorkloads } from './as-workloads.ts';
import { BestWays } from './best-ways.ts';
import { likeliestPaths, type Paths } from './likeliest-paths.ts';
import { edgeOdds } from './odds.ts';

/** A poisoned image comes to every workload alike and tells nothing of this one: another way in as likely as this share goes first. */
const IMAGE_SHARE = 0.1;

/** The likeliest ways in and on, for every workload. */
export class Routes {
  readonly nodes: ReadonlyMap<string, AttackNode>;
  private readonly layout: Layout;
  private known: BestWays | undefined;
  private parts: Map<string, [id: string, index: number][]> | undefined;
  private readonly fromImages: Paths;
  private readonly fromElsewhere: Paths;

  constructor({ layout, graph }: Simulation) {
    this.layout = layout;
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const images = layout.nodeIndex.get(nodeId.images) ?? -1;
    const elsewhere = layout.origins.filter((origin) => origin !== images);
    this.fromElsewhere = likeliestPaths(layout, elsewhere);
    this.fromImages = likeliestPaths(layout, images === -1 ? [] : [images]);
  }

  /** Made when the first way on is asked for: it takes the impact of every node. */
  private get bestWays(): BestWays {
    this.known ??= new BestWays(this.layout, allImpacts(this.layout));
    return this.known;
  }

  /** Edges of the likeliest way to a node from where attackers start; empty where there is none. */
  inTo(node: string): AttackEdge[] {
    const index = this.layout.nodeIndex.get(node);
    if (index === undefined) return [];
    const image = this.fromImages.odds(index);
    const paths = this.fromElsewhere.odds(index) >= image * IMAGE_SHARE ? this.fromElsewhere : this.fromImages;
    return asWorkloads(paths.path(index));
  }

  /**
   * Ways on from a node to what is worth most in expectation, best first; none over what falls on the likeliest way in:
   * there the attacker has been.
   */
  onFrom(node: string, count = 1): AttackEdge[][] {
    const start = this.layout.nodeIndex.get(node);
    if (start === undefined) return [];
    const before = this.inTo(node).flatMap(({ from }) => (this.isHub(from) ? [] : this.partsOf(from)));
    const starts = this.partsOf(node);
    return this.bestWays.from(starts, new Set([...starts, ...before]), count).map(asWorkloads);
  }

  /** A node, and the containers of a workload whose containers are told apart. */
  private partsOf(node: string): number[] {
    this.parts ??= Map.groupBy(
      [...this.layout.nodeIndex].filter(([id]) => id !== workloadNode(id)),
      ([id]) => workloadNode(id),
    );
    return [this.layout.nodeIndex.get(node)!, ...(this.parts.get(node) ?? []).map(([, index]) => index)];
  }

  /** Edges of one kind beside an edge, from the same node to the same node, likeliest first, itself included. */
  beside(edge: AttackEdge): AttackEdge[] {
    const same: AttackEdge[] = [];
    for (const start of this.partsOf(edge.from))
      for (let at = this.layout.outStart[start]!; at < this.layout.outStart[start + 1]!; at++) {
        const each = this.layout.graph.edges[this.layout.source[at]!]!;
        if (workloadNode(each.to) === edge.to && each.kind === edge.kind) same.push(each);
      }
    return asWorkloads(same).sort((left, right) => edgeOdds(right) - edgeOdds(left));
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
    const stops = edges.find(({ mitigation }) => mitigation !== undefined)?.mitigation;
    return {
      from: this.label(edges[0]!.from),
      to: this.label(last.to),
      phrase: this.phrase(edges),
      probability: edges.reduce((odds, edge) => odds * edgeOdds(edge), 1),
      reason: [...new Set(edges.map(({ reason }) => reason))].filter((reason) => reason !== '').join('; '),
      ...(stops === undefined ? {} : { mitigation: stops }),
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
