import { groupAlike, type Proposal } from '../changes/index.ts';
import { simulate } from '../simulation/index.ts';
import { bestFor, hasFix } from './kept-for-workload.ts';
import { orderWorths } from './order-worths.ts';
import { EdgesByNode, type Screened, screen } from './screen.ts';
import { type Scales, type Worth, weigh } from './worth.ts';

/** Below this share of the estate's loss a change is not worth a line, unless a workload would be left without one. */
const WORTH_A_LINE = 0.001;

/**
 * What a change of several workloads has to be worth, in worths of the best changes of each: else one after the other will
 * do, and takes less from those who run them. One upgrade of many images takes nothing from anyone.
 */
const MORE_THAN_ALONE = { settings: 3, upgrades: 1.5 };

/**
 * Proposals looked at, graphs built anew, and workloads that get a fix of their own where the others leave them none, in
 * estates of up to `workloads`: building the graph of a large one takes long.
 */
const efforts = [
  { workloads: 200, looked: 1_000, tried: 50, served: 10 },
  { workloads: 1_000, looked: 300, tried: 24, served: 5 },
  { workloads: Number.POSITIVE_INFINITY, looked: 100, tried: 8, served: 2 },
];

/** Worlds for the first look, which only sorts. */
const LOOK_WORLDS = 2_048;

/**
 * Groups worth far more than the best of what they join, workload by workload: many open the same side by side. Only
 * proposals that close nothing else than the group does count as what it joins.
 */
function redundant(groups: readonly Screened[], screened: readonly Screened[]): Screened[] {
  return groups.filter((group) => {
    const best = new Map<string, number>();
    for (const { proposal, atMost, closes } of screened) {
      if (!closes.isSubsetOf(group.closes)) continue;
      const [workload = ''] = proposal.change.workloads;
      best.set(workload, Math.max(best.get(workload) ?? 0, atMost));
    }
    const { settings, upgrades } = MORE_THAN_ALONE;
    const more = group.proposal.change.afterRebuild ? upgrades : settings;
    return group.atMost > more * best.values().reduce((sum, each) => sum + each, 0);
  });
}

/** The most promising, half of them by that alone; the rest from every kind in turn, so that none crowds out the others. */
function mostPromising(screened: readonly Screened[], count: number): Screened[] {
  const sorted = screened.toSorted((left, right) => right.atMost - left.atMost);
  if (sorted.length <= count) return sorted;
  const first = sorted.slice(0, Math.ceil(count / 2));
  const kinds = Map.groupBy(sorted.slice(first.length), ({ proposal }) => proposal.change.id.split(':')[0]);
  const places = new Map([...kinds.values()].flatMap((list) => list.map((each, place) => [each, place] as const)));
  return [
    ...first,
    ...places
      .keys()
      .toArray()
      .sort((a, b) => places.get(a)! - places.get(b)!),
  ].slice(0, count);
}

/**
 * Changes by the expected loss that each removes, most first: apply it to the facts, build the graph anew, look at the
 * same worlds. All that can remove anything is tried in small estates, the most promising in large ones. What adds little
 * to those before it comes behind as an alternative, and last what only the riskiest workloads themselves gain from.
 * The order of proposals decides between equals.
 */
export function worthOf(proposals: Proposal[], scales: Scales, lossAt: (node: string) => number): Worth[] {
  const { facts, simulation } = scales;
  const { looked, tried, served } = efforts.find(({ workloads }) => facts.workloads.length <= workloads)!;
  const { graph, seed } = simulation;
  const look = simulate(graph, { worlds: Math.min(LOOK_WORLDS, simulation.worlds), seed, ends: false });
  const edges = new EdgesByNode(simulation.graph.edges);
  const screened = screen(look, edges, proposals, lossAt, looked);
  const groups = screen(look, edges, groupAlike(proposals, facts.workloads), lossAt, looked);
  const promising = mostPromising([...screened, ...redundant(groups, screened)], tried);
  const places = new Map(proposals.map((proposal, place) => [proposal, place]));
  const placeOf = ({ proposal }: { proposal: Proposal }) => places.get(proposal) ?? proposals.length;
  const worths = promising
    .sort((left, right) => placeOf(left) - placeOf(right))
    .map(({ proposal }) => weigh(scales, proposal))
    .filter(({ lossRemoved }) => lossRemoved > WORTH_A_LINE * simulation.loss);
  const ordered = orderWorths(scales, worths);
  const all = [...ordered, ...serve(scales, proposals, edges, ordered, lossAt, served)];
  return [...all, ...unused(scales, proposals, all, served)];
}

/** Changes that take what is not used and remove no loss that is known: behind the rest, those that are sure first. */
function unused(scales: Scales, proposals: readonly Proposal[], all: readonly Worth[], served: number): Worth[] {
  const listed = new Set(all.map(({ proposal }) => proposal));
  const together = all.at(-1)?.lossRemovedTogether ?? 0;
  return proposals
    .filter((one) => one.restsOnUse === true && !listed.has(one))
    .sort((left, right) => Number(left.isTentative === true) - Number(right.isTentative === true))
    .slice(0, served)
    .map((proposal) => weigh(scales, proposal))
    .filter(({ lossRemoved }) => lossRemoved >= 0)
    .map((worth) => ({ ...worth, lossRemovedTogether: together, removesNothingKnown: true as const }));
}

/** A fix for each of the riskiest workloads to which the others leave none. */
function serve(
  scales: Scales,
  proposals: Proposal[],
  edges: EdgesByNode,
  ordered: readonly Worth[],
  lossAt: (node: string) => number,
  served: number,
): Worth[] {
  const together = ordered.at(-1)?.lossRemovedTogether ?? 0;
  return scales.facts.workloads
    .map(({ id }) => ({ id, loss: lossAt(`workload:${id}`) }))
    .filter(({ loss }) => loss > 0)
    .sort((left, right) => right.loss - left.loss)
    .slice(0, served)
    .flatMap(({ id }) => {
      const best = hasFix(scales, id, ordered) ? undefined : bestFor(scales, id, proposals, edges);
      return best === undefined ? [] : [{ ...best, lossRemovedTogether: together }];
    });
}
