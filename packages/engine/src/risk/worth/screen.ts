import type { AttackEdge } from '@breakwater/model';
import type { Cut, Proposal } from '../changes/index.ts';
import { workloadNode } from '../graph/index.ts';
import { outcomeOf, type Simulation, whatIf } from '../simulation/index.ts';

/** Edges by the nodes that they leave and enter; those of a container are its workload's. */
export class EdgesByNode {
  private readonly out: Map<string, AttackEdge[]>;
  private readonly into: Map<string, AttackEdge[]>;

  constructor(edges: AttackEdge[]) {
    this.out = Map.groupBy(edges, (edge) => workloadNode(edge.from));
    this.into = Map.groupBy(edges, (edge) => workloadNode(edge.to));
  }

  /** Ids of the edges that a proposal could close at best. */
  closedBy({ cuts }: Proposal): Set<string> {
    return new Set(cuts.flatMap((cut) => this.matching(cut).map((edge) => edge.id)));
  }

  private matching({ from, to, kinds }: Cut): AttackEdge[] {
    const edges = (from === undefined ? this.into.get(to ?? '') : this.out.get(from)) ?? [];
    return edges.filter(
      (edge) =>
        (to === undefined || workloadNode(edge.to) === to) && (kinds === undefined || kinds.includes(edge.kind)),
    );
  }
}

/** A proposal, and the most that it can be worth. */
export interface Screened {
  proposal: Proposal;
  /** Points of the estate's expected loss that would go if all the steps that it could close were closed. */
  atMost: number;
  /** Ids of the edges that it could close. */
  closes: Set<string>;
}

/** Share of the edges up to which closing them is carried through known worlds; beyond it a whole run is faster. */
const FEW = 0.02;

function closed(simulation: Simulation, closes: ReadonlySet<string>): { loss: number } {
  const { graph, worlds, seed } = simulation;
  if (closes.size <= FEW * graph.edges.length)
    return whatIf(simulation, { removed: [...closes], added: [], values: new Map() });
  return outcomeOf({ nodes: graph.nodes, edges: graph.edges.filter(({ id }) => !closes.has(id)) }, { worlds, seed });
}

/**
 * Proposals that can remove anything, best first, by taking out of the graph all that each could close. Of very many
 * only those at nodes with the highest loss are looked at: `limit`.
 */
export function screen(
  simulation: Simulation,
  edges: EdgesByNode,
  proposals: Proposal[],
  lossAt: (node: string) => number,
  limit: number,
): Screened[] {
  const highest = ({ cuts }: Proposal) => Math.max(0, ...cuts.map(({ from, to }) => lossAt(from ?? to ?? '')));
  const looked =
    proposals.length <= limit
      ? proposals
      : proposals
          .map((proposal) => ({ proposal, loss: highest(proposal) }))
          .sort((left, right) => right.loss - left.loss)
          .slice(0, limit)
          .map(({ proposal }) => proposal);
  return looked
    .map((proposal) => {
      const closes = edges.closedBy(proposal);
      if (closes.size === 0) return { proposal, atMost: 0, closes };
      const { loss } = closed(simulation, closes);
      return { proposal, atMost: simulation.loss - loss, closes };
    })
    .filter(({ atMost }) => atMost > 0)
    .sort((left, right) => right.atMost - left.atMost);
}
