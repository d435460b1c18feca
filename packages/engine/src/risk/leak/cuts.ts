import { applyProposals, type Proposal, proposeChanges } from '../changes/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { type Simulation, simulate } from '../simulation/index.ts';
import { worthOf } from '../worth/index.ts';
import { identitiesOf, type Leaked, leakGraph } from './leak-graph.ts';

/** A change that is part of the cut. */
export interface Cut {
  proposal: Proposal;
  /** Points that go when it alone is made, and when it and all before it are. */
  lossRemoved: number;
  lossRemovedTogether: number;
}

/** A cut is good enough when this share of what all changes together remove is gone. */
const ENOUGH = 0.95;

/** Changes that are tried together. */
const MOST_PARTS = 24;

/**
 * The smallest changes that take from leaked credentials nearly all that changes can take: from the same proposals as
 * fixes, the most promising first, and then without every one that the others make needless. Bindings that give the same
 * side by side are tried together: each alone removes nothing.
 */
export function cutsOf(facts: EstateFacts, leaks: readonly Leaked[], simulation: Simulation): Cut[] {
  if (simulation.loss === 0) return [];
  const { worlds, seed, graph } = simulation;
  const rebuild = (changed: EstateFacts) => leakGraph(changed, leaks);
  const remaining = (proposals: readonly Proposal[]): number =>
    proposals.length === 0
      ? simulation.loss
      : simulate(rebuild(applyProposals(facts, proposals)), { worlds, seed }).loss;
  const single = proposeChanges(facts, graph).filter(({ change }) => change.edits.length > 0);
  const joint = jointUnbinding(facts, leaks, single);
  const values = new Map(graph.nodes.map(({ id, value }) => [id, value]));
  const lossAt = (node: string): number => simulation.probabilityOf(node) * (values.get(node) ?? 0);
  const worths = worthOf(
    [...single, ...joint.map(({ proposal }) => proposal)],
    { facts, simulation, rebuild },
    lossAt,
  ).filter(({ alternativeTo, keptFor }) => alternativeTo === undefined && keptFor === undefined);
  const chosen = partsOf(
    worths.map(({ proposal }) => proposal),
    joint,
  ).slice(0, MOST_PARTS);
  return described(smallest(chosen, simulation.loss, remaining), simulation.loss, remaining);
}

/** A change that joins others, with these. */
interface Joint {
  proposal: Proposal;
  parts: Proposal[];
}

/** Taking leaked identities out of every binding at once, where several bind them. */
function jointUnbinding(facts: EstateFacts, leaks: readonly Leaked[], single: readonly Proposal[]): Joint[] {
  const clusters = new Set(facts.identity.identities.map(({ cluster }) => cluster));
  const ids = new Set([...clusters].flatMap((cluster) => leaks.flatMap((leaked) => identitiesOf(leaked, cluster))));
  const parts = single.filter(
    ({ change, cuts }) => change.id.startsWith('unbind:') && cuts.some(({ from }) => ids.has(from ?? '')),
  );
  if (parts.length < 2) return [];
  const change = {
    id: 'unbind-together',
    title: 'Take it out of every binding',
    detail: '',
    workloads: [],
    edits: parts.flatMap((part) => part.change.edits),
    afterRebuild: false,
  };
  return [{ proposal: { change, cuts: parts.flatMap(({ cuts }) => cuts) }, parts }];
}

/** Changes taken apart where they join others, each once. */
function partsOf(proposals: readonly Proposal[], joint: readonly Joint[]): Proposal[] {
  const parts = proposals.flatMap((proposal) => joint.find((each) => each.proposal === proposal)?.parts ?? [proposal]);
  return [...new Map(parts.map((part) => [part.change.id, part])).values()];
}

/** As many as are enough, and then none that the others make needless; the last are tried first. */
function smallest(
  chosen: readonly Proposal[],
  loss: number,
  remaining: (some: readonly Proposal[]) => number,
): Proposal[] {
  const least = remaining(chosen);
  const enough = loss - ENOUGH * (loss - least);
  let kept = [...chosen];
  for (const proposal of [...chosen].reverse()) {
    const without = kept.filter((each) => each !== proposal);
    if (remaining(without) <= enough) kept = without;
  }
  return kept;
}

function described(kept: readonly Proposal[], loss: number, remaining: (some: readonly Proposal[]) => number): Cut[] {
  const alone = kept.map((proposal) => ({ proposal, lossRemoved: loss - remaining([proposal]) }));
  const sorted = alone.sort((left, right) => right.lossRemoved - left.lossRemoved);
  return sorted.map(({ proposal, lossRemoved }, index) => ({
    proposal,
    lossRemoved,
    lossRemovedTogether: loss - remaining(sorted.slice(0, index + 1).map((each) => each.proposal)),
  }));
}
