import type { AttackGraph } from '@breakwater/model';
import { type Layout, type Level, layOut } from './layout.ts';
import { countWorlds, eachBlock, newWave, settle, strike, WORLDS_PER_WORD } from './propagate.ts';

export interface SimulationOptions {
  /** Sampled worlds, rounded up to whole words of 32. */
  worlds: number;
  /** Another seed draws other worlds. Everything is a function of graph, worlds and seed. */
  seed?: number;
}

/** What a run found: how often each node falls, and what that costs. */
export interface Simulation {
  graph: AttackGraph;
  layout: Layout;
  worlds: number;
  seed: number;
  /** In which worlds each node falls, a row of `worlds / 32` words a node, at the value of every number. */
  fallen: Int32Array;
  /** Worlds in which each node falls: at the value, with unknowns at their best, at their worst. */
  counts: [Int32Array, Int32Array, Int32Array];
  /** Value that falls in a world, averaged: points. */
  loss: number;
  /** The same with unknowns at their best and at their worst. Holds `loss`. */
  lossRange: [number, number];
  /** Share of worlds in which a node falls, 0 to 1; 0 for a node that the graph does not have. */
  probabilityOf(node: string): number;
  probabilityRangeOf(node: string): [number, number];
}

/** Value that falls, averaged over the worlds; summed in the order of the nodes. */
export function lossOf(values: Float64Array, counts: Int32Array, worlds: number): number {
  let sum = 0;
  for (let node = 0; node < values.length; node++) sum += values[node]! * (counts[node]! / worlds);
  return sum;
}

/** Runs all worlds at one end of the unknowns, from the origins to the fixpoint. */
function runAll(layout: Layout, level: Level, words: number): Int32Array {
  const wave = newWave(layout.values.length, words);
  eachBlock(words, (first, count) => {
    for (const origin of layout.origins) {
      for (let word = first; word < first + count; word++) strike(wave, origin, word, first, -1);
    }
    settle([layout], level, wave, first, count);
  });
  return wave.fallen;
}

function countAll(fallen: Int32Array, words: number, nodes: number): Int32Array {
  const counts = new Int32Array(nodes);
  for (let node = 0; node < nodes; node++) counts[node] = countWorlds(fallen, words, node);
  return counts;
}

/**
 * Bit-parallel Monte Carlo on the attack graph: every word carries 32 sampled worlds from the origins through the
 * edges that are open in them. An edge is open in a world when its own draw holds and, where it has causes, for at
 * least one of them the shared event (attackers use the CVE) and the local one (it works at this target) hold too.
 */
export function simulate(graph: AttackGraph, { worlds, seed = 1 }: SimulationOptions): Simulation {
  const words = Math.max(1, Math.ceil(worlds / WORLDS_PER_WORD));
  const total = words * WORLDS_PER_WORD;
  const layout = layOut(graph, seed);
  const nodes = layout.values.length;
  const fallen = runAll(layout, 0, words);
  const atValue = countAll(fallen, words, nodes);
  const atEnd = (level: Level) => (layout.ranged ? countAll(runAll(layout, level, words), words, nodes) : atValue);
  const counts: Simulation['counts'] = [atValue, atEnd(1), atEnd(2)];
  const share = (node: string, level: Level): number => {
    const index = layout.nodeIndex.get(node);
    return index === undefined ? 0 : counts[level][index]! / total;
  };
  return {
    graph,
    layout,
    worlds: total,
    seed,
    fallen,
    counts,
    loss: lossOf(layout.values, atValue, total),
    lossRange: [lossOf(layout.values, counts[1], total), lossOf(layout.values, counts[2], total)],
    probabilityOf: (node) => share(node, 0),
    probabilityRangeOf: (node) => [share(node, 1), share(node, 2)],
  };
}
