import type { Level } from './layout.ts';
import { countWorlds, eachBlock, newWave, settle, strike, WORLDS_PER_WORD } from './propagate.ts';
import type { Simulation } from './simulate.ts';
import { sketchImpacts } from './sketches.ts';

/** Nodes asked for times edges up to which each gets a run of its own; above, all share sketches. */
const EXACT_LIMIT = 400_000;

/** Worlds of a run of its own: 2,048. */
const EXACT_WORDS = 64;

/** One run a node, from the node on. */
function runImpacts({ layout }: Simulation, level: Level, nodes: number[]): Float64Array {
  const wave = newWave(layout.values.length, EXACT_WORDS);
  const touched = new Set<number>();
  wave.beforeFall = (node) => touched.add(node);
  return Float64Array.from(nodes, (origin) => {
    eachBlock(EXACT_WORDS, (first, count) => {
      for (let word = first; word < first + count; word++) strike(wave, origin, word, first, -1);
      settle([layout], level, wave, first, count);
    });
    let impact = 0;
    for (const node of [...touched].sort((left, right) => left - right)) {
      impact += layout.values[node]! * (countWorlds(wave.fallen, EXACT_WORDS, node) / (EXACT_WORDS * WORLDS_PER_WORD));
      wave.fallen.fill(0, node * EXACT_WORDS, (node + 1) * EXACT_WORDS);
    }
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
  const { layout } = simulation;
  const indexes = nodes.map((node) => layout.nodeIndex.get(node)!);
  if (nodes.length * layout.to.length <= EXACT_LIMIT) return runImpacts(simulation, level, indexes);
  const impacts = sketchImpacts(layout, level);
  return Float64Array.from(indexes, (node) => impacts[node]!);
}
