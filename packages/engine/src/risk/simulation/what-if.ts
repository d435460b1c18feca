import type { AttackEdge } from '@breakwater/model';
import { type Layout, layOut } from './layout.ts';
import { countWorlds, openWorlds, WORDS, WORLDS_PER_BLOCK } from './open-worlds.ts';
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

/** A state in the making: the words of the simulation are changed in place, and put back from here afterwards. */
class Journal {
  readonly simulation: Simulation;
  readonly wave: Wave;
  readonly changed = new Set<number>();
  block = 0;
  private readonly nodes: number;
  private readonly saved = new Map<number, Int32Array>();

  constructor(simulation: Simulation) {
    this.simulation = simulation;
    this.nodes = simulation.layout.values.length;
    const { fallen } = simulation;
    this.wave = new Wave(this.nodes, 0, { fallen, beforeFall: (node) => this.save(node) });
  }

  /** Where the words of a node begin in this block. */
  rowOf(node: number): number {
    return (this.block * this.nodes + node) * WORDS;
  }

  /** Keeps a node's words as they were; to be called before they change. */
  save(node: number): void {
    const row = this.rowOf(node);
    if (this.saved.has(row)) return;
    this.changed.add(node);
    this.saved.set(row, this.simulation.fallen.slice(row, row + WORDS));
  }

  putBack(): void {
    for (const [row, words] of this.saved) this.simulation.fallen.set(words, row);
  }
}

/** Positions in the layout of the edges to be taken out. */
function positionsOf(layout: Layout, ids: ReadonlySet<string>): Set<number> {
  const positions = new Set<number>();
  if (ids.size === 0) return positions;
  layout.source.forEach((source, position) => {
    if (ids.has(layout.graph.edges[source]!.id)) positions.add(position);
  });
  return positions;
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
  const gone = positionsOf(layout, new Set(difference.removed));
  const plan: Plan = {
    kept: without(layout, gone),
    extra: layoutOfAdded(simulation, difference.added),
    suspects: new Suspects(simulation, gone),
  };
  try {
    for (let block = 0; block < worlds / WORLDS_PER_BLOCK; block++) changeBlock(journal, plan, block);
    const values = layout.values.slice();
    const counts = simulation.counts.slice();
    for (const node of journal.changed) counts[node] = countWorlds(simulation.fallen, values.length, node);
    for (const [id, value] of difference.values) values[layout.nodeIndex.get(id)!] = value;
    return {
      loss: lossOf(values, counts, worlds),
      probabilityOf: (node) => counts[layout.nodeIndex.get(node) ?? -1]! / worlds || 0,
    };
  } finally {
    journal.putBack();
  }
}
