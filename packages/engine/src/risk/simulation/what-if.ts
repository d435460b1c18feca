import type { AttackEdge } from '@breakwater/model';
import { type Layout, layOut } from './layout.ts';
import {
  countWorlds,
  eachBlock,
  openWorlds,
  settle,
  strike,
  type Wave,
  WORDS_PER_BLOCK,
  WORLDS_PER_WORD,
  Worklist,
} from './propagate.ts';
import { lossOf, type Simulation } from './simulate.ts';

/** What another graph has that this one has not, and the reverse. A changed edge is in both lists. */
export interface GraphDifference {
  removed: string[];
  added: AttackEdge[];
  /** Nodes whose value is another one now: id to points. */
  values: Map<string, number>;
}

/** How the worlds look after a change. */
export interface Outcome {
  /** Value that falls in a world, averaged: points. */
  loss: number;
  probabilityOf(node: string): number;
}

/** A state in the making: the rows of the simulation are changed in place, and put back from here afterwards. */
interface Journal {
  simulation: Simulation;
  wave: Wave;
  saved: Map<number, Int32Array>;
}

function openJournal(simulation: Simulation): Journal {
  const words = simulation.worlds / WORLDS_PER_WORD;
  const nodes = simulation.layout.values.length;
  const { fallen } = simulation;
  const saved = new Map<number, Int32Array>();
  const wave: Wave = {
    words,
    fallen,
    pending: new Int32Array(nodes * WORDS_PER_BLOCK),
    worklist: new Worklist(nodes),
    beforeFall: (node) => {
      if (!saved.has(node)) saved.set(node, fallen.slice(node * words, (node + 1) * words));
    },
  };
  return { simulation, wave, saved };
}

function putBack({ wave, saved }: Journal): void {
  for (const [node, row] of saved) wave.fallen.set(row, node * wave.words);
}
/** Positions in the layout of the edges to be taken out. */
function positionsOf(layout: Layout, ids: ReadonlySet<string>): number[] {
  const positions: number[] = [];
  if (ids.size === 0) return positions;
  layout.source.forEach((source, position) => {
    if (ids.has(layout.graph.edges[source]!.id)) positions.push(position);
  });
  return positions;
}

/** Worlds in which each node may have fallen only through edges that go: a superset, found by following open edges. */
function suspectsOf(journal: Journal, gone: number[], first: number, count: number): Map<number, Int32Array> {
  const { layout } = journal.simulation;
  const { fallen, words } = journal.wave;
  const suspects = new Map<number, Int32Array>();
  const pending = new Map<number, Int32Array>();
  const origins = new Set(layout.origins);
  const suspect = (node: number, k: number, worlds: number): void => {
    if (worlds === 0 || origins.has(node)) return;
    const row = suspects.get(node) ?? new Int32Array(WORDS_PER_BLOCK);
    const fresh = worlds & ~row[k]!;
    if (fresh === 0) return;
    row[k]! |= fresh;
    suspects.set(node, row);
    const waiting = pending.get(node) ?? new Int32Array(WORDS_PER_BLOCK);
    waiting[k]! |= fresh;
    pending.set(node, waiting);
  };
  const follow = (edge: number, sources: Int32Array, offset: number): void => {
    const target = layout.to[edge]!;
    const known = suspects.get(target);
    for (let k = 0; k < count; k++) {
      const mask = sources[offset + k]! & fallen[target * words + first + k]! & ~(known?.[k] ?? 0);
      if (mask !== 0) suspect(target, k, openWorlds(layout, 0, edge, first + k, mask));
    }
  };
  for (const edge of gone) follow(edge, fallen, layout.from[edge]! * words + first);
  for (let next = pending.entries().next(); !next.done; next = pending.entries().next()) {
    const [node, worlds] = next.value;
    pending.delete(node);
    for (let edge = layout.outStart[node]!; edge < layout.outStart[node + 1]!; edge++) follow(edge, worlds, 0);
  }
  return suspects;
}

/** Lets an edge's target fall in those of `mask` worlds in which its start has fallen and the edge is open. */
function pull(
  layout: Layout,
  journal: Journal,
  edge: number,
  first: number,
  count: number,
  mask: (k: number) => number,
) {
  const { fallen, words } = journal.wave;
  const from = layout.from[edge]! * words + first;
  const target = layout.to[edge]!;
  for (let k = 0; k < count; k++) {
    const worlds = mask(k) & fallen[from + k]! & ~fallen[target * words + first + k]!;
    if (worlds === 0) continue;
    const open = openWorlds(layout, 0, edge, first + k, worlds);
    if (open !== 0) strike(journal.wave, target, first + k, first, open);
  }
}

function changeBlock(
  journal: Journal,
  kept: Layout,
  extra: Layout | undefined,
  gone: number[],
  first: number,
  count: number,
) {
  const { fallen, words } = journal.wave;
  const suspects = suspectsOf(journal, gone, first, count);
  for (const [node, row] of suspects) {
    journal.wave.beforeFall?.(node);
    for (let k = 0; k < count; k++) fallen[node * words + first + k]! &= ~row[k]!;
  }
  for (const [node, row] of suspects) {
    for (let at = kept.inStart[node]!; at < kept.inStart[node + 1]!; at++) {
      pull(kept, journal, kept.inEdges[at]!, first, count, (k) => row[k]!);
    }
  }
  const layouts = extra === undefined ? [kept] : [kept, extra];
  for (let edge = 0; extra !== undefined && edge < extra.to.length; edge++) {
    pull(extra, journal, edge, first, count, () => -1);
  }
  settle(layouts, 0, journal.wave, first, count);
}

/** The same layout with some edges shut. */
function without(layout: Layout, gone: number[]): Layout {
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
 * goes had carried, then fall again where another way stays open, and added edges are carried on. The result is the
 * very one that a whole run of the changed graph gives, since no draw depends on anything but its own key.
 * Edges to nodes that the simulated graph does not have are not followed: see `differenceOf`.
 */
export function whatIf(simulation: Simulation, difference: GraphDifference): Outcome {
  const { layout, worlds } = simulation;
  const journal = openJournal(simulation);
  const gone = positionsOf(layout, new Set(difference.removed));
  const kept = without(layout, gone);
  const extra = layoutOfAdded(simulation, difference.added);
  try {
    eachBlock(worlds / WORLDS_PER_WORD, (first, count) => changeBlock(journal, kept, extra, gone, first, count));
    const counts = simulation.counts[0].slice();
    for (const node of journal.saved.keys()) counts[node] = countWorlds(simulation.fallen, journal.wave.words, node);
    const values = layout.values.slice();
    for (const [id, value] of difference.values) values[layout.nodeIndex.get(id)!] = value;
    return {
      loss: lossOf(values, counts, worlds),
      probabilityOf: (node) => counts[layout.nodeIndex.get(node) ?? -1]! / worlds || 0,
    };
  } finally {
    putBack(journal);
  }
}
