import type { AttackGraph } from '@breakwater/model';
import { applyProposals, type Proposal } from '../changes/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { differenceOf, type Outcome, outcomeOf, type Simulation, whatIf } from '../simulation/index.ts';

/** A change, and what it is worth. */
export interface Worth {
  proposal: Proposal;
  /** Points of the estate's expected loss that go when it alone is applied. */
  lossRemoved: number;
  /** The same for it and all before it, applied together. */
  lossRemovedTogether: number;
  /** The worlds with it alone applied. */
  outcome: Outcome;
  /** The one before it that already removes most of what this one would. */
  alternativeTo?: Worth;
  /** Workload whose own loss it lowers, where it removes next to nothing of the estate's. */
  keptFor?: string;
  /** It rests on what was seen to be used, and removes next to nothing of what is known today. */
  removesNothingKnown?: true;
}

/** What changes are weighed in. */
export interface Scales {
  facts: EstateFacts;
  simulation: Simulation;
  /** How the graph of changed facts is made. */
  rebuild: (facts: EstateFacts) => AttackGraph;
}

/** Share of the edges up to which a change is carried through known worlds; beyond it a whole run is faster, and the same. */
const FEW = 0.02;

/** The worlds of a changed graph: from those that are known where possible, else from a whole run. */
function outcomeIn(simulation: Simulation, graph: AttackGraph): Outcome {
  const difference = differenceOf(simulation.graph, graph);
  const changed = difference === undefined ? graph.edges.length : difference.removed.length + difference.added.length;
  if (difference !== undefined && changed <= FEW * graph.edges.length) return whatIf(simulation, difference);
  return outcomeOf(graph, { worlds: simulation.worlds, seed: simulation.seed });
}

/** The graph with proposals applied, and its worlds. */
export function apply(
  { facts, simulation, rebuild }: Scales,
  proposals: readonly Proposal[],
): { graph: AttackGraph; outcome: Outcome } {
  const graph = rebuild(applyProposals(facts, proposals));
  return { graph, outcome: outcomeIn(simulation, graph) };
}

/** What a proposal is worth alone: apply it to the facts, build the graph anew, look at the same worlds. */
export function weigh(scales: Scales, proposal: Proposal): Worth {
  const { outcome } = apply(scales, [proposal]);
  return { proposal, lossRemoved: scales.simulation.loss - outcome.loss, lossRemovedTogether: 0, outcome };
}
