import type { AttackEdge } from '@breakwater/model';
import { type Layout, layOut } from './layout.ts';
import { countBits, openWorlds, WORDS, WORLDS_PER_BLOCK } from './open-worlds.ts';
import { lossOf, type Outcome, type Simulation } from './simulate.ts';
import { Suspects } from './suspects.ts';
import { Wave } from './wave.ts';

/** What another graph has that this one has not, and the reverse. A changed edge is in both lists. */
export interface GraphDifference {
  removed: string[];
  added: AttackEdge[];
  /** Nodes whose value is another one now: id to points. */
  values: Map<string, number>;
}

/**
 * A block in the making: the words of the simulation are changed in place, and put back from here once it is known in how
 * many worlds each node falls now.
 */
class Journal {
  readonly simulation: Simulation;
  readonly wave: Wave;
  /** In how many worlds each node falls, of the blocks that were changed so far in the changed ones. */
  readonly counts: Int32Array;
  block = 0;
  private readonly nodes: number;
  /** Nodes whose words were kept, the first `length` entries, and the words of each at its own place. */
  private readonly kept: Int32Array;
  private length = 0;
  private readonly words: Int32Array;
  private readonly isKept: Uint8Array;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
    this.nodes = simulation.layout.values.length;
    this.counts = simulation.counts.slice();
    this.kept = new Int32Array(this.nodes);
    this.words = new Int32Array(this.nodes * WORDS);
    this.isKept = new Uint8Array(this.nodes);
    const { fallen } = simulation;
    this.wave = new Wave(this.nodes, 0, { fallen, beforeFall: (node) => this.save(node) });
  }

  /** Where the words of a node begin in this block. */
  rowOf(node: number): number {
    return (this.block * this.nodes + node) * WORDS;
  }

  /** Keeps a node's words as they were; to be called before they change. */
  save(node: number): void {
    if (this.isKept[node] === 1) return;
    this.isKept[node] = 1;
    this.kept[this.length++] = node;
    const { fallen } = this.simulation;
    const row = this.rowOf(node);
    for (let word = 0; word < WORDS; word++) this.words[node * WORDS + word] = fallen[row + word]!;
  }

  /** Counts the block as it is now, and puts it back. */
  putBack(): void {
    const { fallen } = this.simulation;
    for (let at = 0; at < this.length; at++) {
      const node = this.kept[at]!;
      this.isKept[node] = 0;
      const row = this.rowOf(node);
      let more = 0;
      for (let word = 0; word < WORDS; word++) {
        const before = this.words[node * WORDS + word]!;
        more += countBits(fallen[row + word]!) - countBits(before);
        fallen[row + word] = before;
      }
      this.counts[node]! += more;
    }
    this.length = 0;
  }
}

/** Positions of edges by their ids, of layouts that are asked for a second time; before that undefined. */
const positionsIn = new WeakMap<Layout, Map<string, number> | undefined>();

/** Positions in the layout of the edges to be taken out. */
function positionsOf(layout: Layout, ids: readonly string[]): Set<number> {
  if (ids.length === 0) return new Set();
  const { source, graph } = layout;
  if (!positionsIn.has(layout)) {
    positionsIn.set(layout, undefined);
    const wanted = new Set(ids);
    return new Set([...source.keys()].filter((position) => wanted.has(graph.edges[source[position]!]!.id)));
  }
  let known = positionsIn.get(layout);
  if (known === undefined) {
    known = new Map();
    for (const [position, at] of source.entries()) known.set(graph.edges[at]!.id, position);
    positionsIn.set(layout, known);
  }
  return new Set(ids.flatMap((id) => known.get(id) ?? []));
}

/** Lets an edge's target fall in those worlds of `masks` in which its start has fallen and the edge is open. */
function pull(journal: Journal, layout: Layout, edge: number, masks?: Int32Array): void {
  const { fallen } = journal.wave;
  const target = layout.to[edge]!;
  const from = journal.rowOf(layout.from[edge]!);
  const to = journal.rowOf(target);
  for (let word = 0; word < WORDS; word++) {
    const mask = masks === undefined ? -1 : masks[target * WORDS + word]!;
    const worlds = mask & fallen[from + word]! & ~fallen[to + word]!;
    if (worlds === 0) continue;
    const open = openWorlds(layout, 0, edge, journal.block * WORDS + word, worlds);
    if (open !== 0) journal.wave.strike(target, word, open);
  }
}

/** What stays of the layout, what comes to it, and who may fall with what goes. */
interface Plan {
  kept: Layout;
  extra: Layout | undefined;
  suspects: Suspects;
}

function changeBlock(journal: Journal, { kept, extra, suspects }: Plan, block: number): void {
  const { wave } = journal;
  journal.block = block;
  wave.begin(block);
  suspects.find(block);
  for (let at = 0; at < suspects.count; at++) {
    const node = suspects.nodes[at]!;
    journal.save(node);
    const row = journal.rowOf(node);
    for (let word = 0; word < WORDS; word++) wave.fallen[row + word]! &= ~suspects.worlds[node * WORDS + word]!;
  }
  for (let at = 0; at < suspects.count; at++) {
    const node = suspects.nodes[at]!;
    for (let entry = kept.inStart[node]!; entry < kept.inStart[node + 1]!; entry++) {
      pull(journal, kept, kept.inEdges[entry]!, suspects.worlds);
    }
  }
  for (let edge = 0; extra !== undefined && edge < extra.to.length; edge++) pull(journal, extra, edge);
  wave.settle(extra === undefined ? [kept] : [kept, extra], 0);
}

/** The same layout with some edges shut. */
function without(layout: Layout, gone: ReadonlySet<number>): Layout {
  const thresholds = layout.thresholds[0].slice();
  for (const edge of gone) thresholds[edge] = 0;
  return { ...layout, thresholds: [thresholds, layout.thresholds[1], layout.thresholds[2]] };
}

/** The added edges as a layout over the same nodes. */
function layoutOfAdded({ layout, seed }: Simulation, edges: AttackEdge[]): Layout | undefined {
  if (edges.length === 0) return undefined;
  return layOut({ nodes: layout.graph.nodes, edges }, seed);
}

/**
 * What a change would do, from the worlds that are known: nodes are taken back only in worlds in which an edge that
 * goes had held them, then fall again where another way stays open, and added edges are carried on. The result is the
 * very one that a whole run of the changed graph gives, since no draw depends on anything but its own key.
 * Edges to nodes that the simulated graph does not have are not followed: see `differenceOf`.
 */
export function whatIf(simulation: Simulation, difference: GraphDifference): Outcome {
  const { layout, worlds } = simulation;
  const journal = new Journal(simulation);
  const gone = positionsOf(layout, difference.removed);
  const plan: Plan = {
    kept: without(layout, gone),
    extra: layoutOfAdded(simulation, difference.added),
    suspects: new Suspects(simulation, gone),
  };
  for (let block = 0; block < worlds / WORLDS_PER_BLOCK; block++) {
    try {
      changeBlock(journal, plan, block);
    } finally {
      journal.putBack();
    }
  }
  const { counts } = journal;
  const values = layout.values.slice();
  for (const [id, value] of difference.values) values[layout.nodeIndex.get(id)!] = value;
  return {
    loss: lossOf(values, counts, worlds),
    probabilityOf: (node) => counts[layout.nodeIndex.get(node) ?? -1]! / worlds || 0,
  };
}
