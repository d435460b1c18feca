import type { AttackGraph } from '@breakwater/model';
import { type Layout, type Level, layOut } from './layout.ts';
import { countWorlds, WORDS, WORLDS_PER_BLOCK } from './open-worlds.ts';
import type { Simulation } from './simulate.ts';
import { sketchImpacts } from './sketches.ts';
import { Wave } from './wave.ts';

/** Nodes asked for times edges up to which each gets a run of its own; above, all share sketches. */
const EXACT_LIMIT = 400_000;

/** Blocks of a run of its own: 2,048 worlds. */
const EXACT_BLOCKS = 4;

/** One run a node, from the node on. */
function runImpacts(layout: Layout, level: Level, origins: number[]): Float64Array {
  const nodes = layout.values.length;
  const touched = new Set<number>();
  const wave = new Wave(nodes, EXACT_BLOCKS, { beforeFall: (node) => touched.add(node) });
  return Float64Array.from(origins, (origin) => {
    for (let block = 0; block < EXACT_BLOCKS; block++) {
      wave.begin(block);
      for (let word = 0; word < WORDS; word++) wave.strike(origin, word, -1);
      wave.settle([layout], level);
    }
    let impact = 0;
    for (const node of [...touched].sort((left, right) => left - right)) {
      impact += layout.values[node]! * (countWorlds(wave.fallen, nodes, node) / (EXACT_BLOCKS * WORLDS_PER_BLOCK));
    }
    wave.fallen.fill(0);
    touched.clear();
    return impact;
  });
}

/**
 * Expected value that is reachable onward from each node, itself included: points, in the order of `nodes`. Not what
 * merely falls in the same worlds. Small estates get a run a node; large ones sketches of all nodes at once, whose
 * error is about one percent.
 */
export function impactsOf(simulation: Simulation, nodes: string[], level: Level = 0): Float64Array {
  return impactsAt(simulation, nodes, [level])[0]!;
}

/** The same at the value, with unknowns at their best and at their worst. */
export function rangedImpactsOf(simulation: Simulation, nodes: string[]): [Float64Array, Float64Array, Float64Array] {
  const [value, best, worst] = impactsAt(simulation, nodes, simulation.layout.ranged ? [0, 1, 2] : [0]);
  return [value!, best ?? value!, worst ?? value!];
}

function impactsAt({ layout }: Simulation, nodes: string[], levels: readonly Level[]): Float64Array[] {
  const indexes = nodes.map((node) => layout.nodeIndex.get(node)!);
  if (nodes.length * layout.to.length <= EXACT_LIMIT) return levels.map((level) => runImpacts(layout, level, indexes));
  return sketched(layout, levels).map((impacts) => Float64Array.from(indexes, (node) => impacts[node]!));
}

/** Sketches that were made of a layout, by level: a layout does not change. */
const made = new WeakMap<Layout, Map<Level, Float64Array>>();

function sketched(layout: Layout, levels: readonly Level[]): Float64Array[] {
  const known = made.get(layout) ?? new Map<Level, Float64Array>();
  made.set(layout, known);
  const missing = levels.filter((level) => !known.has(level));
  if (missing.length > 0)
    for (const [at, impacts] of sketchImpacts(layout, missing).entries()) known.set(missing[at]!, impacts);
  return levels.map((level) => known.get(level)!);
}

/** Expected value that is reachable onward from one node of another graph, in the same worlds: points; 0 where it is gone. */
export function impactOf(graph: AttackGraph, seed: number, node: string): number {
  const layout = layOut(graph, seed);
  const index = layout.nodeIndex.get(node);
  return index === undefined ? 0 : runImpacts(layout, 0, [index])[0]!;
}

/** The same for a node of this graph. */
export function impactHere({ layout }: Simulation, node: string): number {
  return runImpacts(layout, 0, [layout.nodeIndex.get(node)!])[0]!;
}

/** The same for a node of this graph with some of its edges shut, by their ids. */
export function impactWithout({ layout }: Simulation, node: string, removed: ReadonlySet<string>): number {
  const thresholds = layout.thresholds[0].slice();
  layout.source.forEach((source, position) => {
    if (removed.has(layout.graph.edges[source]!.id)) thresholds[position] = 0;
  });
  const open: Layout = { ...layout, thresholds: [thresholds, layout.thresholds[1], layout.thresholds[2]] };
  return runImpacts(open, 0, [layout.nodeIndex.get(node)!])[0]!;
}

/** Expected value reachable onward from every node, by its position in the layout, from sketches. */
export function allImpacts(layout: Layout): Float64Array {
  return sketched(layout, [0])[0]!;
}
