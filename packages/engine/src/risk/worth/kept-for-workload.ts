import type { AttackGraph } from '@breakwater/model';
import type { Proposal } from '../changes/index.ts';
import { nodeId } from '../graph/index.ts';
import { impactHere, impactOf, impactWithout, whatIf } from '../simulation/index.ts';
import type { EdgesByNode } from './screen.ts';
import { apply, type Scales, type Worth } from './worth.ts';

/** Share of a workload's own loss that a change has to take to be a fix of this workload. */
const LOWERS = 0.1;

/** Changes that are tried for a workload, the most promising ones. */
const TRIED = 2;

const nodeOf = (workload: string): string => `workload:${workload}`;

/** The node at which all of a workload has fallen: its containers may be told apart. */
function wholeOf({ nodes }: AttackGraph, workload: string): string {
  const pod = nodeId.pod(workload);
  return nodes.some(({ id }) => id === pod) ? pod : nodeOf(workload);
}

/** Whether a workload has a fix already: one that changes it, or after which it falls less often. */
export function hasFix({ simulation }: Scales, workload: string, worths: readonly Worth[]): boolean {
  const before = simulation.probabilityOf(nodeOf(workload));
  return worths.some(
    ({ proposal, outcome }) =>
      proposal.change.workloads.includes(workload) || outcome.probabilityOf(nodeOf(workload)) < before * (1 - LOWERS),
  );
}

/** A workload's loss if all that a proposal could close were closed: probability times impact. */
function lossAtBest({ simulation }: Scales, workload: string, proposal: Proposal, edges: EdgesByNode): number {
  const removed = new Set(edges.closedBy(proposal));
  const { probabilityOf } = whatIf(simulation, { removed: [...removed], added: [], values: new Map() });
  return probabilityOf(nodeOf(workload)) * impactWithout(simulation, wholeOf(simulation.graph, workload), removed);
}

/**
 * The change that lowers a workload's own loss (its probability times what falls onward from it) most, for workloads
 * beside which others open the same: closing one of many ways leaves the estate's loss where it is.
 */
export function bestFor(
  scales: Scales,
  workload: string,
  proposals: readonly Proposal[],
  edges: EdgesByNode,
): Worth | undefined {
  const { simulation } = scales;
  const node = nodeOf(workload);
  const impactIn = (graph: AttackGraph) => impactOf(graph, simulation.seed, wholeOf(graph, workload));
  const before = simulation.probabilityOf(node) * impactHere(simulation, wholeOf(simulation.graph, workload));
  const promising = proposals
    .filter(({ change }) => change.workloads.includes(workload))
    .map((proposal) => ({ proposal, loss: lossAtBest(scales, workload, proposal, edges) }))
    .filter(({ loss }) => loss < before * (1 - LOWERS))
    .sort((left, right) => left.loss - right.loss)
    .slice(0, TRIED);
  const tried = promising.map(({ proposal }) => {
    const { graph, outcome } = apply(scales, [proposal]);
    const loss = outcome.probabilityOf(node) * impactIn(graph);
    const lossRemoved = Math.max(0, simulation.loss - outcome.loss);
    return { loss, worth: { proposal, lossRemoved, lossRemovedTogether: 0, outcome, keptFor: workload } };
  });
  const [best] = tried.filter(({ loss }) => loss < before * (1 - LOWERS)).sort((a, b) => a.loss - b.loss);
  return best?.worth;
}
