import { drawKey, mix } from './draws.ts';
import type { Layout, Level } from './layout.ts';
import { openWorlds, WORLDS_PER_WORD } from './open-worlds.ts';

/** Sampled graphs. */
const SKETCH_WORDS = 16;

/** Entries of a sketch. The error of one sketch is large, but the worlds' sketches are independent and averaged. */
const ENTRIES = 8;

/** Sorts indexes by their keys, non-negative floats, whose bits sort as integers: three passes over 11 bits each. */
function sortByKey(keys: Float32Array, indexes: Int32Array, spare: Int32Array): Int32Array {
  const bits = new Int32Array(keys.buffer, keys.byteOffset, keys.length);
  const starts = new Int32Array(2048);
  let from = indexes;
  let to = spare;
  for (let shift = 0; shift < 33; shift += 11) {
    starts.fill(0);
    for (const index of from) starts[(bits[index]! >>> shift) & 2047]!++;
    let sum = 0;
    for (let digit = 0; digit < 2048; digit++) {
      const size = starts[digit]!;
      starts[digit] = sum;
      sum += size;
    }
    for (const index of from) to[starts[(bits[index]! >>> shift) & 2047]!++] = index;
    [from, to] = [to, from];
  }
  return from;
}

/** Working arrays of one graph, used again for each world. */
class Sampler {
  private readonly layout: Layout;
  private readonly valued: Int32Array;
  private readonly keys: Int32Array;
  private readonly ranks: Float32Array;
  private readonly order: Int32Array;
  private readonly spare: Int32Array;
  private readonly open: Int32Array;
  private readonly liveStart: Int32Array;
  private readonly live: Int32Array;
  private readonly sizes: Uint8Array;
  private readonly entries: Int32Array;
  private readonly seen: Int32Array;
  private readonly stack: Int32Array;
  private stamp = 0;

  constructor(layout: Layout, seed: number) {
    const nodes = layout.values.length;
    this.layout = layout;
    this.valued = Int32Array.from(layout.values.keys()).filter((node) => layout.values[node]! > 0);
    this.keys = Int32Array.from(this.valued, (node) => drawKey(`rank\n${layout.graph.nodes[node]!.id}`, seed).low);
    this.ranks = new Float32Array(nodes);
    this.order = new Int32Array(this.valued.length);
    this.spare = new Int32Array(this.valued.length);
    this.open = new Int32Array(layout.to.length);
    this.liveStart = new Int32Array(nodes + 1);
    this.live = new Int32Array(layout.to.length);
    this.sizes = new Uint8Array(nodes);
    this.entries = new Int32Array(nodes * ENTRIES);
    this.seen = new Int32Array(nodes);
    this.stack = new Int32Array(nodes);
  }

  /** Which edges are open in the 32 worlds of a word. */
  drawWord(level: Level, word: number): void {
    for (let edge = 0; edge < this.open.length; edge++)
      this.open[edge] = openWorlds(this.layout, level, edge, word, -1);
  }

  /** Lists, for each node, the starts of the edges into it that are open in one world. */
  private listLive(world: number): void {
    const { inStart, inEdges, from } = this.layout;
    let count = 0;
    for (let node = 0; node < this.sizes.length; node++) {
      this.liveStart[node] = count;
      for (let at = inStart[node]!; at < inStart[node + 1]!; at++) {
        const edge = inEdges[at]!;
        if (((this.open[edge]! >>> world) & 1) === 1) this.live[count++] = from[edge]!;
      }
    }
    this.liveStart[this.sizes.length] = count;
  }

  /** Every node of value draws a rank, exponential with its value as rate: the more value, the sooner it comes. */
  private rankNodes(word: number, world: number): Int32Array {
    const salt = Math.imul(word * WORLDS_PER_WORD + world + 1, 0x9e3779b1);
    for (let at = 0; at < this.valued.length; at++) {
      const node = this.valued[at]!;
      const uniform = ((mix(this.keys[at]! ^ salt) >>> 0) + 0.5) / 2 ** 32;
      this.ranks[node] = -Math.log(uniform) / this.layout.values[node]!;
      this.order[at] = node;
    }
    return sortByKey(this.ranks, this.order, this.spare);
  }

  /** Enters a node in the sketches of all that reach it, except where these are full: then so is all behind them. */
  private enter(node: number): void {
    const { sizes, seen, stack, live, liveStart } = this;
    if (sizes[node] === ENTRIES) return;
    const stamp = ++this.stamp;
    let depth = 1;
    stack[0] = node;
    seen[node] = stamp;
    while (depth > 0) {
      const reached = stack[--depth]!;
      this.entries[reached * ENTRIES + sizes[reached]!++] = node;
      for (let at = liveStart[reached]!; at < liveStart[reached + 1]!; at++) {
        const before = live[at]!;
        if (seen[before] === stamp || sizes[before] === ENTRIES) continue;
        seen[before] = stamp;
        stack[depth++] = before;
      }
    }
  }

  /**
   * Value reachable from each node in one world, added to `sums`. A sketch that is not full holds all there is. A
   * full one holds the lowest ranks: below its last rank r a node of value v is found with 1 - exp(-v r), and is
   * weighed by the inverse, so that the estimate is right on average.
   */
  addWorld(word: number, world: number, sums: Float64Array): void {
    const { sizes, entries, ranks } = this;
    const { values } = this.layout;
    this.listLive(world);
    sizes.fill(0);
    for (const node of this.rankNodes(word, world)) this.enter(node);
    for (let node = 0; node < sizes.length; node++) {
      const size = sizes[node]!;
      const at = node * ENTRIES;
      const full = size === ENTRIES;
      const last = full ? ranks[entries[at + size - 1]!]! : 0;
      for (let entry = at; entry < at + (full ? size - 1 : size); entry++) {
        const value = values[entries[entry]!]!;
        sums[node]! += full ? value / -Math.expm1(-value * last) : value;
      }
    }
  }
}

/**
 * Expected value reachable onward from every node at once: bottom-k reachability sketches (Cohen, "Size-estimation
 * framework with applications to transitive closure and reachability", 1997) on 512 sampled graphs. The draws are
 * those of the simulation, and ranks hang on the node alone, so what is not connected does not move.
 */
export function sketchImpacts(layout: Layout, level: Level, seed = 1): Float64Array {
  const sampler = new Sampler(layout, seed);
  const sums = new Float64Array(layout.values.length);
  for (let word = 0; word < SKETCH_WORDS; word++) {
    sampler.drawWord(level, word);
    for (let world = 0; world < WORLDS_PER_WORD; world++) sampler.addWorld(word, world, sums);
  }
  return sums.map((sum) => sum / (SKETCH_WORDS * WORLDS_PER_WORD));
}
