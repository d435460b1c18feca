import type { AttackGraph } from '@breakwater/model';
import { type Layout, type Level, layOut, rangedEdges } from './layout.ts';
import { countBits, openWorlds, WORDS, WORLDS_PER_BLOCK } from './open-worlds.ts';
import { type Rounds, Wave } from './wave.ts';

export interface SimulationOptions {
  /** Sampled worlds, rounded up to whole blocks of 512. */
  worlds: number;
  /** Another seed draws other worlds. Everything is a function of graph, worlds and seed. */
  seed?: number;
  /** False where nobody asks for ranges: unknowns are then played at the value alone. */
  ends?: boolean;
}

/** What a run found: how often each node falls, and what that costs. */
export interface Simulation {
  graph: AttackGraph;
  layout: Layout;
  worlds: number;
  seed: number;
  /** In which worlds each node falls, laid out as in `Wave.fallen`, at the value of every number. */
  fallen: Int32Array;
  /** After how many steps each node falls in each world: what `whatIf` needs to tell who held whom. */
  rounds: Rounds;
  /** Worlds in which each node falls, at the value. */
  counts: Int32Array;
  /** Value that falls in a world, averaged: points. */
  loss: number;
  /** The same with unknowns at their best and at their worst. Holds `loss`. */
  lossRange: [number, number];
  /** Share of worlds in which a node falls, 0 to 1; 0 for a node that the graph does not have. */
  probabilityOf(node: string): number;
  probabilityRangeOf(node: string): [number, number];
}

/** How the worlds look: what a simulation tells at the value. */
export interface Outcome {
  /** Value that falls in a world, averaged: points. */
  loss: number;
  probabilityOf(node: string): number;
}

/** Value that falls, averaged over the worlds; summed in the order of the nodes. */
export function lossOf(values: Float64Array, counts: Int32Array, worlds: number): number {
  let sum = 0;
  for (let node = 0; node < values.length; node++) sum += values[node]! * (counts[node]! / worlds);
  return sum;
}

/** Lets the origins fall in a block, and carries that on at one end of the unknowns. */
function runBlock(wave: Wave, layout: Layout, level: Level, block: number): void {
  wave.begin(block);
  for (const origin of layout.origins) for (let word = 0; word < WORDS; word++) wave.strike(origin, word, -1);
  wave.settle([layout], level);
}

/**
 * Goes on in a block from one end of the unknowns to another at which edges carry the same and more: only what the ranged
 * edges open beside it is carried on.
 */
function goOn(wave: Wave, layout: Layout, ranged: Int32Array, level: Level, block: number): void {
  const { fallen } = wave;
  for (const edge of ranged) {
    const [from, to] = [layout.from[edge]!, layout.to[edge]!];
    for (let word = 0; word < WORDS; word++) {
      const mask = fallen[wave.at(from, word)]! & ~fallen[wave.at(to, word)]!;
      if (mask !== 0) wave.strikeFrom(from, to, word, openWorlds(layout, level, edge, block * WORDS + word, mask));
    }
  }
  wave.settle([layout], level);
}

/** Adds in how many worlds of its block each node has fallen. */
function addCounts(counts: Int32Array, wave: Wave): void {
  for (let node = 0; node < counts.length; node++) {
    let count = 0;
    for (let at = wave.at(node, 0), end = at + WORDS; at < end; at++) count += countBits(wave.fallen[at]!);
    counts[node]! += count;
  }
}

/** How often each node falls at one end: of the worlds themselves one block is held at a time. */
function countRun(layout: Layout, level: Level, blocks: number): Int32Array {
  const counts = new Int32Array(layout.values.length);
  const wave = new Wave(counts.length, blocks, { keeps: false });
  for (let block = 0; block < blocks; block++) {
    runBlock(wave, layout, level, block);
    addCounts(counts, wave);
  }
  return counts;
}

type Counts = [value: Int32Array, best: Int32Array, worst: Int32Array];

/** Plays all worlds, one block after the other: with unknowns at their best, on to the value, and on to their worst. */
function play(wave: Wave, layout: Layout, blocks: number): Counts {
  const nodes = layout.values.length;
  const [value, best, worst]: Counts = [new Int32Array(nodes), new Int32Array(nodes), new Int32Array(nodes)];
  const ranged = rangedEdges(layout);
  const beyond = new Wave(nodes, blocks, { keeps: false });
  for (let block = 0; block < blocks; block++) {
    runBlock(wave, layout, 1, block);
    addCounts(best, wave);
    goOn(wave, layout, ranged, 0, block);
    addCounts(value, wave);
    beyond.begin(block);
    beyond.fallen.set(wave.fallen.subarray(wave.at(0, 0), wave.at(nodes, 0)));
    goOn(beyond, layout, ranged, 2, block);
    addCounts(worst, beyond);
  }
  return [value, best, worst];
}

/** Plays all worlds at the value alone, which then stands for both ends too. */
function playValue(wave: Wave, layout: Layout, blocks: number): Counts {
  const counts = new Int32Array(layout.values.length);
  for (let block = 0; block < blocks; block++) {
    runBlock(wave, layout, 0, block);
    addCounts(counts, wave);
  }
  return [counts, counts, counts];
}

/** Worlds as they are asked for, rounded up to whole blocks. */
const blocksOf = (worlds: number): number => Math.max(1, Math.ceil(worlds / WORLDS_PER_BLOCK));

/**
 * Bit-parallel Monte Carlo on the attack graph: every word carries 32 sampled worlds from the origins through the
 * edges that are open in them. An edge is open in a world when its own draw holds and, where it has causes, for at
 * least one of them the shared event (attackers use the CVE) and the local one (it works at this target) hold too.
 */
export function simulate(graph: AttackGraph, { worlds, seed = 1, ends = true }: SimulationOptions): Simulation {
  const blocks = blocksOf(worlds);
  const total = blocks * WORLDS_PER_BLOCK;
  const layout = layOut(graph, seed);
  const nodes = layout.values.length;
  const plane = () => new Int32Array(nodes * blocks * WORDS);
  const rounds: Rounds = [plane(), plane(), plane()];
  const wave = new Wave(nodes, blocks, { rounds });
  const [atValue, ...atEnds] = layout.ranged && ends ? play(wave, layout, blocks) : playValue(wave, layout, blocks);
  const share = (node: string, counts: Int32Array): number => counts[layout.nodeIndex.get(node) ?? -1]! / total || 0;
  const loss = (counts: Int32Array): number => lossOf(layout.values, counts, total);
  return {
    graph,
    layout,
    worlds: total,
    seed,
    fallen: wave.fallen,
    rounds,
    counts: atValue,
    loss: loss(atValue),
    lossRange: [loss(atEnds[0]), loss(atEnds[1])],
    probabilityOf: (node) => share(node, atValue),
    probabilityRangeOf: (node) => [share(node, atEnds[0]), share(node, atEnds[1])],
  };
}

/** The same at the value alone, where the worlds themselves are not asked for: a fraction of the memory. */
export function outcomeOf(graph: AttackGraph, { worlds, seed = 1 }: SimulationOptions): Outcome {
  const layout = layOut(graph, seed);
  const { nodeIndex, values } = layout;
  const blocks = blocksOf(worlds);
  const counts = countRun(layout, 0, blocks);
  const total = blocks * WORLDS_PER_BLOCK;
  return {
    loss: lossOf(values, counts, total),
    probabilityOf: (node) => counts[nodeIndex.get(node) ?? -1]! / total || 0,
  };
}
