import type { AttackGraph, LeakReport, PathStep, Reached } from '@breakwater/model';
import { asWorkloads } from '../explanation/as-workloads.ts';
import { likeliestPaths } from '../explanation/likeliest-paths.ts';
import { Routes } from '../explanation/routes.ts';
import type { EstateFacts } from '../graph/index.ts';
import { type Simulation, simulate } from '../simulation/index.ts';
import { type Cut, cutsOf } from './cuts.ts';
import { LEAK, type Leaked, leakGraph } from './leak-graph.ts';
import { countNamespaces, countReached, reachedIn } from './reached.ts';

/** Sampled worlds: a share of one in a hundred is then known to a tenth of itself; in large estates to a fifth. */
const WORLDS = { usual: 8_192, large: 2_048 };

/** Edges from which an estate counts as large. */
const LARGE = 10_000;

/** Ways that are told. */
const MOST_PATHS = 12;

/** What follows from a leak; who it is and where the changes are written is the caller's to say. */
export interface Leak
  extends Pick<LeakReport, 'loss' | 'lossRange' | 'value' | 'counts' | 'controlPlane' | 'node' | 'reached' | 'paths'> {
  cuts: Cut[];
}

/** What falls when credentials leak, by which steps, and the smallest changes that cut it. */
export function leakOf(facts: EstateFacts, leaks: readonly Leaked[]): Leak {
  const simulation = play(leakGraph(facts, leaks));
  const extent = extentIn(simulation);
  return {
    ...extent,
    paths: pathsTo(simulation, worthTelling(extent.reached)),
    cuts: cutsOf(facts, leaks, simulation),
  };
}

/** How far a leak goes, without the ways and the changes that cut it. */
export type LeakExtent = Omit<Leak, 'paths' | 'cuts'>;

/** How far leaked credentials go, on the attack graph of the estate, which is built once for any number of them. */
export function leakExtent(facts: EstateFacts, leaks: readonly Leaked[], graph: AttackGraph): LeakExtent {
  return extentIn(play(leakGraph(facts, leaks, graph)));
}

const play = (graph: AttackGraph): Simulation =>
  simulate(graph, { worlds: graph.edges.length < LARGE ? WORLDS.usual : WORLDS.large });

function extentIn(simulation: Simulation): LeakExtent {
  const reached = reachedIn(simulation);
  const highest = (kind: Reached['kind']): number =>
    Math.max(0, ...reached.filter((each) => each.kind === kind).map(({ probability }) => probability));
  return {
    loss: simulation.loss,
    lossRange: simulation.lossRange,
    value: simulation.graph.nodes.reduce((sum, { value }) => sum + value, 0),
    counts: {
      workloads: countReached(simulation, reached, 'workload'),
      secrets: countReached(simulation, reached, 'secret'),
      namespaces: countNamespaces(simulation, reached),
    },
    controlPlane: highest('control-plane'),
    node: highest('node'),
    reached,
  };
}

/** What costs most, some of every kind: the control plane first, and machines though they are worth nothing themselves. */
function worthTelling(reached: readonly Reached[]): Reached[] {
  const byKind = Map.groupBy(reached, ({ kind }) => kind);
  const some = (['control-plane', 'node', 'cloud', 'secret', 'workload', 'volume'] as const).flatMap((kind) =>
    (byKind.get(kind) ?? []).slice(0, kind === 'node' ? 1 : 3),
  );
  return some.slice(0, MOST_PATHS);
}

function pathsTo(simulation: Simulation, targets: readonly Reached[]): { to: Reached; steps: PathStep[] }[] {
  const { layout } = simulation;
  const paths = likeliestPaths(layout, [layout.nodeIndex.get(LEAK)!]);
  const routes = new Routes(simulation);
  return targets.map((to) => ({ to, steps: routes.steps(asWorkloads(paths.path(layout.nodeIndex.get(to.id)!))) }));
}
