import { drawn } from './draws.ts';
import type { Layout, Level } from './layout.ts';

/** Worlds in one word. */
export const WORLDS_PER_WORD = 32;

/** Words that are carried through the graph together: a cache line of each node's row. */
export const WORDS_PER_BLOCK = 16;

/** In which worlds of `mask` the edge at a position is open: its base draw, and one of its causes where it has any. */
export function openWorlds(layout: Layout, level: Level, edge: number, word: number, mask: number): number {
  const base = drawn(layout.keyHigh[edge]!, layout.keyLow[edge]!, layout.thresholds[level][edge]!, word, mask);
  const lastCause = layout.causeStart[edge + 1]!;
  let cause = layout.causeStart[edge]!;
  if (base === 0 || cause === lastCause) return base;
  let open = 0;
  for (; cause < lastCause && open !== base; cause++) {
    const shared = drawn(
      layout.sharedHigh[cause]!,
      layout.sharedLow[cause]!,
      layout.sharedThreshold[cause]!,
      word,
      base & ~open,
    );
    if (shared === 0) continue;
    open |= drawn(
      layout.localHigh[cause]!,
      layout.localLow[cause]!,
      layout.localThresholds[level][cause]!,
      word,
      shared,
    );
  }
  return open;
}

/** Nodes that wait for their new worlds to be carried on; each at most once. */
export class Worklist {
  private readonly queue: Int32Array;
  private readonly waiting: Uint8Array;
  private head = 0;
  private length = 0;

  constructor(nodes: number) {
    this.queue = new Int32Array(Math.max(1, nodes));
    this.waiting = new Uint8Array(nodes);
  }

  /** Adds a node unless it waits already. */
  add(node: number): void {
    if (this.waiting[node] === 1) return;
    this.waiting[node] = 1;
    let tail = this.head + this.length;
    if (tail >= this.queue.length) tail -= this.queue.length;
    this.queue[tail] = node;
    this.length++;
  }

  /** The node that waits longest, or -1. */
  take(): number {
    if (this.length === 0) return -1;
    const node = this.queue[this.head]!;
    if (++this.head === this.queue.length) this.head = 0;
    this.length--;
    this.waiting[node] = 0;
    return node;
  }
}

/** What a run writes to: per node a row of words of fallen worlds, and the part of it not yet carried on. */
export interface Wave {
  /** Words in a row. */
  words: number;
  /** `fallen[node * words + word]`. */
  fallen: Int32Array;
  /** `pending[node * WORDS_PER_BLOCK + word - first]`, all zero between blocks. */
  pending: Int32Array;
  worklist: Worklist;
  /** Told of a node each time before its row changes. */
  beforeFall?: (node: number) => void;
}

/** An empty wave for a graph of so many nodes. */
export function newWave(nodes: number, words: number): Wave {
  return {
    words,
    fallen: new Int32Array(nodes * words),
    pending: new Int32Array(nodes * WORDS_PER_BLOCK),
    worklist: new Worklist(nodes),
  };
}

/** Makes a node fall in the worlds of `mask` of one word, to be carried on. */
export function strike(wave: Wave, node: number, word: number, first: number, mask: number): void {
  const at = node * wave.words + word;
  const fresh = mask & ~wave.fallen[at]!;
  if (fresh === 0) return;
  wave.beforeFall?.(node);
  wave.fallen[at]! |= fresh;
  wave.pending[node * WORDS_PER_BLOCK + word - first]! |= fresh;
  wave.worklist.add(node);
}

/** Carries the pending worlds of one node over the edges of one layout. */
function carry(
  layout: Layout,
  level: Level,
  wave: Wave,
  first: number,
  count: number,
  node: number,
  delta: Int32Array,
) {
  const { fallen, pending, worklist, words } = wave;
  const end = layout.outStart[node + 1]!;
  for (let edge = layout.outStart[node]!; edge < end; edge++) {
    const target = layout.to[edge]!;
    const at = target * words + first;
    let fell = false;
    for (let k = 0; k < count; k++) {
      const mask = delta[k]! & ~fallen[at + k]!;
      if (mask === 0) continue;
      const open = openWorlds(layout, level, edge, first + k, mask);
      if (open === 0) continue;
      if (!fell) wave.beforeFall?.(target);
      fallen[at + k]! |= open;
      pending[target * WORDS_PER_BLOCK + k]! |= open;
      fell = true;
    }
    if (fell) worklist.add(target);
  }
}

/**
 * Carries what waits through open edges until nothing new falls, for `count` words from `first` (one block at most).
 * Each world is asked of an edge once, when the edge's start falls in it. `layouts` share their nodes: edges that a
 * change adds are a layout of their own.
 */
export function settle(layouts: readonly Layout[], level: Level, wave: Wave, first: number, count: number): void {
  const delta = new Int32Array(WORDS_PER_BLOCK);
  const { pending, worklist } = wave;
  for (let node = worklist.take(); node !== -1; node = worklist.take()) {
    const row = node * WORDS_PER_BLOCK;
    for (let k = 0; k < count; k++) {
      delta[k] = pending[row + k]!;
      pending[row + k] = 0;
    }
    for (const layout of layouts) carry(layout, level, wave, first, count, node, delta);
  }
}

/** Calls with first word and number of words of each block. */
export function eachBlock(words: number, visit: (first: number, count: number) => void): void {
  for (let first = 0; first < words; first += WORDS_PER_BLOCK) {
    visit(first, Math.min(WORDS_PER_BLOCK, words - first));
  }
}

/** Number of set bits. */
export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Worlds in which a node has fallen. */
export function countWorlds(fallen: Int32Array, words: number, node: number): number {
  let count = 0;
  for (let at = node * words; at < (node + 1) * words; at++) count += countBits(fallen[at]!);
  return count;
}
