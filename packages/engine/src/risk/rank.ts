import {
  type AttackGraph,
  type AttackView,
  type Change,
  type QuietReason,
  type RankedFix,
  type RankedWorkload,
  type Ranking,
  SCHEMA_VERSION,
  type Unknown,
  type Workload,
} from '@breakwater/model';
import { proposeChanges } from './changes/index.ts';
import { attackViews, type KnownFlaw, type Matters, mattersIn, Routes, whySentence } from './explanation/index.ts';
import { buildAttackGraph, type EstateFacts, nodeId } from './graph/index.ts';
import { rangedImpactsOf, type Simulation, simulate } from './simulation/index.ts';
import { type Worth, worthOf } from './worth/index.ts';

/** Worlds that are sampled unless told otherwise: a share of one in a thousand is then known to a quarter of itself. */
export const DEFAULT_WORLDS = 20_000;

export interface RankOptions {
  /** When it is computed, ISO 8601: the ranking's time. */
  time: string;
  worlds?: number;
  /** For "3 min ago" in sentences; without it they name no times. */
  now?: string;
}

/** A ranking with all that explains it. */
export interface RankResult {
  /** Everything but the state of the advisories; `fixes[].files` are empty and `phases` unknown until the caller fills them. */
  ranking: Ranking;
  graph: AttackGraph;
  /** The change of fix n is at n - 1. */
  changes: Change[];
  /** `matterKey` of each vulnerability that matters, for its workload and for its image. */
  matterKeys: Set<string>;
  /** Why a vulnerability does not matter in a workload, or in any workload of an image; empty where it matters. */
  quietReasonOf(subject: string, component: string, vulnerability: string): string;
  /** The same by number, for one workload. */
  quietReasonsOf(workload: string): QuietReason[];
  /** The part of the attack graph around a workload. */
  attackView(workload: string): AttackView;
}

/** Probability, impact and loss of one node: at the value, with unknowns at their best, at their worst. */
interface Standing {
  probability: number;
  impact: number;
  loss: number;
  lossRange: [number, number];
}

function nodeOf(workload: string): string {
  return `workload:${workload}`;
}

/** The node at which all of a workload has fallen: its containers may be told apart. */
function wholeOf({ layout }: Simulation, workload: string): string {
  return layout.nodeIndex.has(nodeId.pod(workload)) ? nodeId.pod(workload) : nodeOf(workload);
}

/** The standing of every workload. A range always holds its value: sketches estimate each end apart. */
function standings(simulation: Simulation, workloads: readonly Workload[]): Map<string, Standing> {
  const present = workloads.filter(({ id }) => simulation.layout.nodeIndex.has(nodeOf(id)));
  const [impacts, best, worst] = rangedImpactsOf(
    simulation,
    present.map(({ id }) => wholeOf(simulation, id)),
  );
  return new Map(
    present.map(({ id }, at) => {
      const probability = simulation.probabilityOf(nodeOf(id));
      const [low, high] = simulation.probabilityRangeOf(nodeOf(id));
      const loss = probability * impacts[at]!;
      const lossRange: [number, number] = [Math.min(loss, low * best[at]!), Math.max(loss, high * worst[at]!)];
      return [id, { probability, impact: impacts[at]!, loss, lossRange }];
    }),
  );
}

/** Numbers of the fixes that lower a workload: those that change it first, then those after which it falls less often. */
function fixesFor(workload: string, worths: readonly Worth[], simulation: Simulation): number[] {
  const before = simulation.probabilityOf(nodeOf(workload));
  const own: number[] = [];
  const others: number[] = [];
  worths.forEach(({ proposal, outcome }, index) => {
    if (proposal.change.workloads.includes(workload)) own.push(index + 1);
    else if (outcome.probabilityOf(nodeOf(workload)) < before * 0.99) others.push(index + 1);
  });
  return [...own, ...others];
}

/** What a fix does, and where it stands beside the others. */
function detailOf({ proposal, alternativeTo, keptFor, removesNothingKnown }: Worth, worths: readonly Worth[]): string {
  const { detail } = proposal.change;
  const other = worths.findIndex((each) => each.proposal === alternativeTo?.proposal);
  if (other !== -1) return `An alternative to fix ${other + 1}: together they remove little more. ${detail}`;
  if (removesNothingKnown === true) return `It removes next to no loss that is known today. ${detail}`;
  if (keptFor === undefined) return detail;
  return `It lowers the loss of this workload; the estate's stays nearly as it is while others open the same. ${detail}`;
}

function rankedFix(worth: Worth, index: number, worths: readonly Worth[]): RankedFix {
  const { lossRemoved, lossRemovedTogether, proposal } = worth;
  const { id, title, afterRebuild, workloads } = proposal.change;
  const detail = detailOf(worth, worths);
  return { n: index + 1, id, title, detail, lossRemoved, lossRemovedTogether, files: [], afterRebuild, workloads };
}

/** Looks up what is known of a component's flaw in a workload. */
function flawFinder(facts: EstateFacts, workload: string): (component: string, id: string) => KnownFlaw | undefined {
  return (component, id) => {
    for (const { image } of facts.images.get(workload) ?? []) {
      const matches = image === undefined ? [] : (facts.vulnerabilities.get(image.id) ?? []);
      const match = matches.find((each) => each.component === component && each.id === id);
      if (match !== undefined) return { match, evidence: facts.evidence.get(image!.id)?.get(component) };
    }
    return undefined;
  };
}

interface Context {
  facts: EstateFacts;
  simulation: Simulation;
  routes: Routes;
  worths: Worth[];
  matters: Matters;
  unknowns: Map<string | undefined, Unknown[]>;
  now: string | undefined;
}

function rankedWorkload(workload: Workload, standing: Standing, context: Context): RankedWorkload {
  const { facts, routes, simulation, worths, matters, unknowns, now } = context;
  const inward = routes.inTo(nodeOf(workload.id));
  const onward = routes.onFrom(nodeOf(workload.id))[0] ?? [];
  const flawOf = flawFinder(facts, workload.id);
  return {
    id: workload.id,
    cluster: workload.cluster,
    namespace: workload.namespace,
    kind: workload.kind,
    name: workload.name,
    ...standing,
    why: whySentence({ workload, inward, onward, routes, flawOf, now }),
    path: routes.steps(inward),
    onward: routes.steps(onward),
    fixes: fixesFor(workload.id, worths, simulation),
    vulnerabilities: matters.countsOf(workload.id),
    images: (facts.images.get(workload.id) ?? []).map(({ reference, image }) => ({
      reference,
      ...(image === undefined ? {} : { image: image.id }),
    })),
    phases: { build: 'unknown', deploy: 'unknown', run: 'unknown' },
    unknowns: (unknowns.get(workload.id) ?? []).map(({ message }) => message),
  };
}

function byLoss(left: RankedWorkload, right: RankedWorkload): number {
  return right.loss - left.loss || right.impact - left.impact || (left.id < right.id ? -1 : 1);
}

/** Impact of any node for weighing: of workloads as computed, of all else its own value. */
function impactLookup(simulation: Simulation, standing: Map<string, Standing>): (node: string) => number {
  return (node) => {
    const workload = node.startsWith('workload:') ? standing.get(node.slice('workload:'.length)) : undefined;
    const index = simulation.layout.nodeIndex.get(node);
    return workload?.impact ?? (index === undefined ? 0 : simulation.layout.values[index]!);
  };
}

/** Number of workloads that the Internet reaches. */
function exposedToInternet({ reachability }: EstateFacts): number {
  const exposures = reachability.exposures.filter(({ from }) => from === 'internet');
  return new Set(exposures.map(({ workload }) => workload)).size;
}

/**
 * Ranks the workloads of an estate by expected loss on its attack graph, numbers the changes that lower it, and says
 * why each stands where it stands. A function of its arguments alone.
 */
export function rank(facts: EstateFacts, { time, worlds = DEFAULT_WORLDS, now }: RankOptions): RankResult {
  const { graph, unknowns } = buildAttackGraph(facts);
  const simulation = simulate(graph, { worlds });
  const standing = standings(simulation, facts.workloads);
  const impactOf = impactLookup(simulation, standing);
  const lossAt = (node: string) => simulation.probabilityOf(node) * impactOf(node);
  const rebuild = (changed: EstateFacts) => buildAttackGraph(changed).graph;
  const worths = worthOf(proposeChanges(facts, graph), { facts, simulation, rebuild }, lossAt);
  const routes = new Routes(simulation);
  const matters = mattersIn(facts, simulation, impactOf);
  const bySubject = Map.groupBy(unknowns, ({ subject }) => subject);
  const context: Context = { facts, simulation, routes, worths, matters, unknowns: bySubject, now };
  const workloads = facts.workloads.flatMap((workload) => {
    const own = standing.get(workload.id);
    return own === undefined ? [] : [rankedWorkload(workload, own, context)];
  });
  const ranking: Ranking = {
    schemaVersion: SCHEMA_VERSION,
    time,
    loss: simulation.loss,
    lossRange: simulation.lossRange,
    value: graph.nodes.reduce((sum, node) => sum + node.value, 0),
    vulnerabilities: { total: matters.total, matter: matters.matter, quiet: matters.quiet },
    exposedWorkloads: exposedToInternet(facts),
    workloads: workloads.sort(byLoss),
    fixes: worths.map(rankedFix),
    unknowns,
  };
  const views = attackViews(graph.edges, routes);
  return {
    ranking,
    graph,
    changes: worths.map(({ proposal }) => proposal.change),
    matterKeys: matters.keys,
    quietReasonOf: matters.quietReasonOf,
    quietReasonsOf: matters.quietReasonsOf,
    attackView: (workload) => views(nodeOf(workload)),
  };
}
