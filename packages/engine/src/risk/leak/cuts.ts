import { applyProposals, type Proposal, proposeChanges } from '../changes/index.ts';
import { likeliestPaths } from '../explanation/likeliest-paths.ts';
import type { EstateFacts } from '../graph/index.ts';
import { outcomeOf, type Simulation } from '../simulation/index.ts';
import { EdgesByNode } from '../worth/screen.ts';
import { identitiesOf, LEAK, type Leaked, leakGraph } from './leak-graph.ts';

/** A change that is part of the cut. */
export interface Cut {
  proposal: Proposal;
  /** Points that go when it alone is made, and when it and all before it are. */
  lossRemoved: number;
  lossRemovedTogether: number;
}

/** A cut is good enough when this share of the loss is gone. */
const ENOUGH = 0.95;

/** A change that removes less than this share beside those before it is no part of the cut. */
const ADDS = 0.005;

/** Proposals that are looked at, in estates of up to so many edges and in larger ones, where each look takes long. */
const LOOKED = { edges: 10_000, usual: 300, large: 40 };

/** Proposals that are tried one after the other, the most promising first. */
const TRIED = 12;

/**
 * The smallest changes that take from leaked credentials what changes can take: from the same proposals as fixes, those
 * first that could close most, each as long as it adds to the ones before, and then without every one that the others make
 * needless. Bindings that give the same side by side are tried together: each alone removes nothing.
 */
export function cutsOf(facts: EstateFacts, leaks: readonly Leaked[], simulation: Simulation): Cut[] {
  const { loss, graph, worlds, seed } = simulation;
  if (loss === 0) return [];
  const known = new Map<string, number>();
  const lossWith = (proposals: readonly Proposal[]): number =>
    outcomeOf(leakGraph(applyProposals(facts, proposals), leaks), { worlds, seed }).loss;
  const remaining = (proposals: readonly Proposal[]): number => {
    const key = proposals.map(({ change }) => change.id).join('\n');
    const left = known.get(key) ?? (proposals.length === 0 ? loss : lossWith(proposals));
    known.set(key, left);
    return left;
  };
  const single = proposeChanges(facts, graph).filter(({ change }) => change.edits.length > 0);
  const joint = jointUnbinding(facts, leaks, single);
  const promising = mostPromising(
    [...joint.map(({ proposal }) => proposal), ...single],
    simulation,
    idsOf(facts, leaks),
  );
  const chosen: Proposal[] = [];
  for (const proposal of promising.slice(0, TRIED)) {
    const before = remaining(chosen);
    if (before <= (1 - ENOUGH) * loss) break;
    if (before - remaining([...chosen, proposal]) > ADDS * loss) chosen.push(proposal);
  }
  const parts = partsOf(chosen, joint);
  return described(smallest(parts, loss, remaining), loss, remaining);
}

/**
 * Proposals that may close anything of the leak, those that could close most first. Those at the credential itself are
 * looked at first, then by what falls there. The likeliest ways tell it well enough to sort by.
 */
function mostPromising(
  proposals: Proposal[],
  { graph, layout, probabilityOf }: Simulation,
  own: ReadonlySet<string>,
): Proposal[] {
  const values = new Map(graph.nodes.map(({ id, value }) => [id, value]));
  const weightOf = ({ cuts }: Proposal): number =>
    Math.max(0, ...cuts.map(({ from, to }) => weightAt(from ?? to ?? '')));
  const weightAt = (node: string): number =>
    own.has(node) ? Number.POSITIVE_INFINITY : probabilityOf(node) * (1 + (values.get(node) ?? 0));
  const edges = new EdgesByNode(graph.edges);
  const lossOf = (closed: ReadonlySet<string>): number => {
    const shut = graph.edges.map((edge) => (closed.has(edge.id) ? { ...edge, probability: 0 } : edge));
    const paths = likeliestPaths({ ...layout, graph: { ...graph, edges: shut } }, [layout.nodeIndex.get(LEAK)!]);
    return layout.values.reduce((sum, value, node) => (value > 0 ? sum + value * paths.odds(node) : sum), 0);
  };
  const all = lossOf(new Set());
  const known = new Map<string, number>();
  const lossAfter = (proposal: Proposal): number => {
    const key = JSON.stringify(proposal.cuts);
    const loss = known.get(key) ?? lossOf(edges.closedBy(proposal));
    known.set(key, loss);
    return loss;
  };
  return proposals
    .map((proposal) => ({ proposal, weight: weightOf(proposal) }))
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => (left.weight === right.weight ? 0 : right.weight - left.weight))
    .slice(0, graph.edges.length < LOOKED.edges ? LOOKED.usual : LOOKED.large)
    .map(({ proposal }) => ({ proposal, atMost: all - lossAfter(proposal) }))
    .filter(({ atMost }) => atMost > 0)
    .sort((left, right) => right.atMost - left.atMost)
    .map(({ proposal }) => proposal);
}

/** Ids of all whom the leaked credentials are. */
function idsOf(facts: EstateFacts, leaks: readonly Leaked[]): Set<string> {
  const clusters = new Set(facts.identity.identities.map(({ cluster }) => cluster));
  return new Set([...clusters].flatMap((cluster) => leaks.flatMap((leaked) => identitiesOf(leaked, cluster))));
}

/** Changes that a joint one is taken apart into; of more it is told as one. */
const MOST_PARTS = 24;

/** A change that joins others, with these. */
interface Joint {
  proposal: Proposal;
  parts: Proposal[];
}

/** Taking leaked identities out of every binding at once, where several bind them. */
function jointUnbinding(facts: EstateFacts, leaks: readonly Leaked[], single: readonly Proposal[]): Joint[] {
  const ids = idsOf(facts, leaks);
  const parts = single.filter(
    ({ change, cuts }) => change.id.startsWith('unbind:') && cuts.some(({ from }) => ids.has(from ?? '')),
  );
  if (parts.length < 2) return [];
  const change = {
    id: 'unbind-together',
    title: `Take it out of all ${parts.length} bindings that name it`,
    detail: 'Each alone removes next to nothing: the others give the same.',
    workloads: [],
    edits: parts.flatMap((part) => part.change.edits),
    afterRebuild: false,
  };
  return [{ proposal: { change, cuts: distinct(parts.flatMap(({ cuts }) => cuts)) }, parts }];
}

/** Cuts, each once: bindings of one identity cut at the same place. */
function distinct(cuts: Proposal['cuts']): Proposal['cuts'] {
  return [...new Map(cuts.map((cut) => [JSON.stringify(cut), cut])).values()];
}

/** Changes taken apart where they join others, each once. */
function partsOf(proposals: readonly Proposal[], joint: readonly Joint[]): Proposal[] {
  const parts = proposals.flatMap((proposal) => {
    const own = joint.find((each) => each.proposal === proposal)?.parts ?? [];
    return own.length > 0 && own.length <= MOST_PARTS ? own : [proposal];
  });
  return [...new Map(parts.map((part) => [part.change.id, part])).values()];
}

/** As many as are enough, and then none that the others make needless; the last are tried first. */
function smallest(
  chosen: readonly Proposal[],
  loss: number,
  remaining: (some: readonly Proposal[]) => number,
): Proposal[] {
  const enough = Math.max(remaining(chosen) + ADDS * loss, (1 - ENOUGH) * loss);
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
