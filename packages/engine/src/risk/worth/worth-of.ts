import type { AttackGraph } from '@breakwater/model';
import { applyProposals, type Proposal } from '../changes/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { differenceOf, type Outcome, type Simulation, simulate, whatIf } from '../simulation/index.ts';
import { screen } from './screen.ts';

/** How the graph of changed facts is made. */
export type Rebuild = (facts: EstateFacts) => AttackGraph;

/** A change, and what it is worth. */
export interface Worth {
  proposal: Proposal;
  /** Points of the estate's expected loss that go when it alone is applied. */
  lossRemoved: number;
  /** The same for it and all before it, applied together. */
  lossRemovedTogether: number;
  /** The worlds with it alone applied. */
  outcome: Outcome;
}

/** Below this share of the estate's loss a change is not worth a line. */
const WORTH_A_LINE = 0.001;

/** Proposals looked at, and graphs built anew, in estates of up to `workloads`: building the graph of a large one takes long. */
const efforts = [
  { workloads: 100, looked: 1_000, tried: 50 },
  { workloads: 1_000, looked: 300, tried: 24 },
  { workloads: Number.POSITIVE_INFINITY, looked: 100, tried: 8 },
];

/** Worlds for the first look, which only sorts. */
const LOOK_WORLDS = 2_048;

/** Fixes that are tried together, one after the other. */
const TOGETHER = 20;

/** The worlds of a changed graph: from those that are known where possible, else from a whole run. */
export function outcomeOf(simulation: Simulation, graph: AttackGraph): Outcome {
  const difference = differenceOf(simulation.graph, graph);
  if (difference !== undefined) return whatIf(simulation, difference);
  return simulate(graph, { worlds: simulation.worlds, seed: simulation.seed });
}

/**
 * Loss that goes when proposals 1 to n are applied together, for each n. Never falls as n rises. Beyond the first
 * twenty it is what those remove: a lower bound.
 */
function addTogether(worths: Worth[], facts: EstateFacts, simulation: Simulation, rebuild: Rebuild): void {
  let before = 0;
  worths.forEach((worth, index) => {
    if (index < TOGETHER) {
      const applied = worths.slice(0, index + 1).map(({ proposal }) => proposal);
      const { loss } = index === 0 ? worth.outcome : outcomeOf(simulation, rebuild(applyProposals(facts, applied)));
      before = Math.max(before, simulation.loss - loss);
    }
    worth.lossRemovedTogether = before;
  });
}

/**
 * Changes by the expected loss that each removes, most first: apply it to the facts, build the graph anew, look at the
 * same worlds. All that can remove anything is tried in small estates, the most promising in large ones. The order of
 * proposals decides between equals.
 */
export function worthOf(
  proposals: Proposal[],
  facts: EstateFacts,
  simulation: Simulation,
  rebuild: Rebuild,
  lossAt: (node: string) => number,
): Worth[] {
  const { looked, tried } = efforts.find(({ workloads }) => facts.workloads.length <= workloads)!;
  const look = simulate(simulation.graph, { worlds: Math.min(LOOK_WORLDS, simulation.worlds), seed: simulation.seed });
  const promising = screen(look, proposals, lossAt, looked).slice(0, tried);
  const worths = promising
    .map(({ proposal }): Worth => {
      const outcome = outcomeOf(simulation, rebuild(applyProposals(facts, [proposal])));
      return { proposal, lossRemoved: simulation.loss - outcome.loss, lossRemovedTogether: 0, outcome };
    })
    .filter(({ lossRemoved }) => lossRemoved > WORTH_A_LINE * simulation.loss)
    .sort((left, right) => right.lossRemoved - left.lossRemoved);
  addTogether(worths, facts, simulation, rebuild);
  return worths;
}
