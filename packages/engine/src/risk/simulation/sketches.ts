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

/** Edges that are open in some of the 32 worlds of a word, at one end of the unknowns: in rows by the node they enter. */
class OpenEdges {
  /** The row of node n is `starts[n]` to `starts[n + 1]`. */
  readonly starts: Int32Array;
  readonly from: Int32Array;
  /** A bit a world. */
  readonly worlds: Int32Array;
  private readonly layout: Layout;
  private readonly level: Level;
  /** The same for one world: where each edge comes from. */
  readonly liveStart: Int32Array;
  readonly live: Int32Array;

  constructor(layout: Layout, level: Level) {
    const nodes = layout.values.length;
    this.layout = layout;
    this.level = level;
    this.starts = new Int32Array(nodes + 1);
    this.from = new Int32Array(layout.to.length);
    this.worlds = new Int32Array(layout.to.length);
    this.liveStart = new Int32Array(nodes + 1);
    this.live = new Int32Array(layout.to.length);
  }

  draw(word: number): void {
    const { inStart, inEdges, from } = this.layout;
    let count = 0;
    for (let node = 0; node + 1 < this.starts.length; node++) {
      this.starts[node] = count;
      for (let at = inStart[node]!; at < inStart[node + 1]!; at++) {
        const edge = inEdges[at]!;
        const open = openWorlds(this.layout, this.level, edge, word, -1);
        if (open === 0) continue;
        this.from[count] = from[edge]!;
        this.worlds[count++] = open;
      }
    }
    this.starts[this.starts.length - 1] = count;
  }

  /** Lists, for each node, the starts of the edges into it that are open in one world. */
  list(world: number): void {
    const { starts, from, worlds, liveStart, live } = this;
    const nodes = starts.length - 1;
    let count = 0;
    let at = 0;
    for (let node = 0; node < nodes; node++) {
      liveStart[node] = count;
      for (const end = starts[node + 1]!; at < end; at++) {
        live[count] = from[at]!;
        count += (worlds[at]! >>> world) & 1;
      }
    }
    liveStart[nodes] = count;
  }
}

/** What a node weighs in a full sketch, by its value and by whose rank is the sketch's last: few of either in a world. */
class Weights {
  private readonly values: Float64Array;
  /** Position of each node's value among the different ones. */
  private readonly valueOf: Int32Array;
  private readonly slotOf: Int32Array;
  private readonly slotStamp: Int32Array;
  private table = new Float64Array(1024);
  private slots = 0;
  private stamp = 0;

  constructor(values: Float64Array) {
    const different = [...new Set(values)];
    const positions = new Map(different.map((value, at) => [value, at]));
    this.values = Float64Array.from(different);
    this.valueOf = Int32Array.from(values, (value) => positions.get(value)!);
    this.slotOf = new Int32Array(values.length);
    this.slotStamp = new Int32Array(values.length);
  }

  /** Goes on to another world. */
  begin(): void {
    this.stamp++;
    this.slots = 0;
  }

  /** Where the weights of sketches whose last entry is this node begin. */
  rowOf(last: number): number {
    const width = this.values.length;
    if (this.slotStamp[last] !== this.stamp) {
      this.slotStamp[last] = this.stamp;
      this.slotOf[last] = this.slots++;
      this.makeRoom(this.slots * width);
      this.table.fill(0, (this.slots - 1) * width, this.slots * width);
    }
    return this.slotOf[last]! * width;
  }

  of(row: number, node: number, rank: number): number {
    const at = row + this.valueOf[node]!;
    const known = this.table[at]!;
    if (known !== 0) return known;
    const value = this.values[this.valueOf[node]!]!;
    const weight = value / -Math.expm1(-value * rank);
    this.table[at] = weight;
    return weight;
  }

  private makeRoom(length: number): void {
    if (length <= this.table.length) return;
    const table = new Float64Array(2 * length);
    table.set(this.table);
    this.table = table;
  }
}

/** Working arrays of one graph, used again for each world. */
class Sampler {
  private readonly layout: Layout;
  private readonly valued: Int32Array;
  private readonly keys: Int32Array;
  private readonly ranks: Float32Array;
  private readonly order: Int32Array;
  private readonly spare: Int32Array;
  private readonly sizes: Uint8Array;
  private readonly entries: Int32Array;
  private readonly seen: Int32Array;
  private readonly stack: Int32Array;
  private readonly weights: Weights;
  private stamp = 0;

  constructor(layout: Layout, seed: number) {
    const nodes = layout.values.length;
    this.layout = layout;
    this.valued = Int32Array.from(layout.values.keys()).filter((node) => layout.values[node]! > 0);
    this.keys = Int32Array.from(this.valued, (node) => drawKey(`rank\n${layout.graph.nodes[node]!.id}`, seed).low);
    this.ranks = new Float32Array(nodes);
    this.order = new Int32Array(this.valued.length);
    this.spare = new Int32Array(this.valued.length);
    this.sizes = new Uint8Array(nodes);
    this.entries = new Int32Array(nodes * ENTRIES);
    this.seen = new Int32Array(nodes);
    this.stack = new Int32Array(nodes);
    this.weights = new Weights(layout.values);
  }

  /** Every node of value draws a rank, exponential with its value as rate: the more value, the sooner it comes. */
  rankNodes(word: number, world: number): Int32Array {
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
  private enter(node: number, { live, liveStart }: OpenEdges): void {
    const { sizes, seen, stack, entries } = this;
    if (sizes[node] === ENTRIES) return;
    const stamp = ++this.stamp;
    let depth = 1;
    stack[0] = node;
    seen[node] = stamp;
    while (depth > 0) {
      const reached = stack[--depth]!;
      entries[reached * ENTRIES + sizes[reached]!++] = node;
      const end = liveStart[reached + 1]!;
      for (let at = liveStart[reached]!; at < end; at++) {
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
  addWorld(ranked: Int32Array, edges: OpenEdges, sums: Float64Array): void {
    const { sizes, entries, ranks, weights } = this;
    const { values } = this.layout;
    sizes.fill(0);
    weights.begin();
    for (let at = 0; at < ranked.length; at++) this.enter(ranked[at]!, edges);
    for (let node = 0; node < sizes.length; node++) {
      const size = sizes[node]!;
      const at = node * ENTRIES;
      let sum = sums[node]!;
      if (size < ENTRIES) {
        for (let entry = at; entry < at + size; entry++) sum += values[entries[entry]!]!;
      } else {
        const last = entries[at + ENTRIES - 1]!;
        const row = weights.rowOf(last);
        for (let entry = at; entry < at + ENTRIES - 1; entry++) sum += weights.of(row, entries[entry]!, ranks[last]!);
      }
      sums[node] = sum;
    }
  }
}

/**
 * Expected value reachable onward from every node at once, at each of some ends of the unknowns: bottom-k reachability
 * sketches (Cohen, "Size-estimation framework with applications to transitive closure and reachability", 1997) on 512
 * sampled graphs. The draws are those of the simulation, and ranks hang on the node alone, so what is not connected does
 * not move.
 */
export function sketchImpacts(layout: Layout, levels: readonly Level[], seed = 1): Float64Array[] {
  const sampler = new Sampler(layout, seed);
  const runs = levels.map((level) => ({
    edges: new OpenEdges(layout, level),
    sums: new Float64Array(layout.values.length),
  }));
  for (let word = 0; word < SKETCH_WORDS; word++) {
    for (const { edges } of runs) edges.draw(word);
    for (let world = 0; world < WORLDS_PER_WORD; world++) {
      const ranked = sampler.rankNodes(word, world);
      for (const { edges, sums } of runs) {
        edges.list(world);
        sampler.addWorld(ranked, edges, sums);
      }
    }
  }
  return runs.map(({ sums }) => sums.map((sum) => sum / (SKETCH_WORDS * WORLDS_PER_WORD)));
}
