import type { Layout, Level } from './layout.ts';
import { openWorlds, WORDS } from './open-worlds.ts';

/** The last number of steps that is told apart. */
const LAST_ROUND = 7;

/** What waits to be carried on: nodes, each once, with their new worlds. */
class Front {
  readonly nodes: Int32Array;
  /** `worlds[node * WORDS + word]`. */
  readonly worlds: Int32Array;
  readonly waiting: Uint8Array;
  length = 0;

  constructor(nodes: number) {
    this.nodes = new Int32Array(nodes);
    this.worlds = new Int32Array(nodes * WORDS);
    this.waiting = new Uint8Array(nodes);
  }

  add(node: number): void {
    if (this.waiting[node] === 1) return;
    this.waiting[node] = 1;
    this.nodes[this.length++] = node;
  }
}

/**
 * After how many steps nodes fell, as three planes of bits laid out like `Wave.fallen`: one more than the node that made
 * them fall; seven stands for all that is more.
 */
export type Rounds = [Int32Array, Int32Array, Int32Array];

/** A run in the making, a block of worlds after the other, filled in rounds from whatever is struck first. */
export class Wave {
  /** `fallen[(block * nodes + node) * WORDS + word]`: a bit a world. A block lies together, for the processor's caches. */
  readonly fallen: Int32Array;
  private readonly nodes: number;
  private readonly rounds: Rounds | undefined;
  /** Told of a node each time before its words change. */
  private readonly beforeFall: ((node: number) => void) | undefined;
  private current: Front;
  private next: Front;
  private readonly delta = new Int32Array(WORDS);
  /** Words of `delta` that have any world. */
  private readonly active = new Int32Array(WORDS);
  /** Steps of what falls next with the node at hand, a word after the other in each of three planes. */
  private readonly steps: Rounds = [new Int32Array(WORDS), new Int32Array(WORDS), new Int32Array(WORDS)];
  /** Nodes at hand fell after different numbers of steps: each is asked. From the origins on a round is a step. */
  private uneven = false;
  /** Nodes that are known to have fallen in all worlds of the block. */
  private readonly full: Uint8Array;
  private block = 0;
  /** Where the rows of the block begin in `fallen`. */
  private base = 0;
  private readonly keeps: boolean;

  /** `keeps: false`: only one block is held at a time, for whoever counts after each. */
  constructor(
    nodes: number,
    blocks: number,
    options: { fallen?: Int32Array; rounds?: Rounds; beforeFall?: (node: number) => void; keeps?: boolean } = {},
  ) {
    this.nodes = nodes;
    this.keeps = options.keeps ?? true;
    this.fallen = options.fallen ?? new Int32Array(nodes * (this.keeps ? blocks : 1) * WORDS);
    this.rounds = options.rounds;
    this.beforeFall = options.beforeFall;
    this.current = new Front(nodes);
    this.next = new Front(nodes);
    this.full = new Uint8Array(nodes);
  }

  /** Goes on to a block. All that was struck before has to be settled. */
  begin(block: number): void {
    this.block = block;
    this.base = this.keeps ? block * this.nodes * WORDS : 0;
    this.uneven = false;
    if (!this.keeps) this.fallen.fill(0);
    this.full.fill(0);
  }

  /** Where a word of a node stands in `fallen`, in the block at hand. */
  at(node: number, word: number): number {
    return this.base + node * WORDS + word;
  }

  /** Makes a node fall in the worlds of `mask` of one word of the block, to be carried on. */
  strike(node: number, word: number, mask: number): void {
    const at = this.base + node * WORDS + word;
    const fresh = mask & ~this.fallen[at]!;
    if (fresh === 0) return;
    this.beforeFall?.(node);
    this.fallen[at]! |= fresh;
    this.next.worlds[node * WORDS + word]! |= fresh;
    this.next.add(node);
  }

  /** The same for what falls with another node over an open edge: one step behind it. */
  strikeFrom(from: number, node: number, word: number, mask: number): void {
    if (mask === 0) return;
    this.strike(node, word, mask);
    if (this.rounds === undefined) return;
    this.uneven = true;
    this.step(from, word);
    this.mark(this.base + node * WORDS + word, word, mask);
  }

  /**
   * Carries what was struck through open edges until nothing new falls. Each world is asked of an edge once, when the
   * edge's start falls in it. `layouts` share their nodes: edges that a change adds are a layout of their own.
   */
  settle(layouts: readonly Layout[], level: Level): void {
    for (let round = 1; this.next.length > 0; round++) {
      this.even(Math.min(round, LAST_ROUND));
      [this.current, this.next] = [this.next, this.current];
      const { nodes, waiting, length } = this.current;
      for (let at = 0; at < length; at++) {
        const node = nodes[at]!;
        waiting[node] = 0;
        const active = this.take(node);
        for (const layout of layouts) this.carry(layout, level, node, active);
      }
      this.current.length = 0;
    }
  }

  /** Moves the new worlds of a node to `delta`; how many words have any. */
  private take(node: number): number {
    const { worlds } = this.current;
    let active = 0;
    for (let word = 0; word < WORDS; word++) {
      const fresh = worlds[node * WORDS + word]!;
      if (fresh === 0) continue;
      worlds[node * WORDS + word] = 0;
      this.delta[word] = fresh;
      this.active[active++] = word;
      if (this.uneven && this.rounds !== undefined) this.step(node, word);
    }
    return active;
  }

  /** Counts alike for all nodes of a round. */
  private even(round: number): void {
    if (this.uneven || this.rounds === undefined) return;
    for (const [plane, steps] of this.steps.entries()) steps.fill((round >> plane) & 1 ? -1 : 0);
  }

  /** Counts one step more than to a node, in one word. */
  private step(node: number, word: number): void {
    const [low, middle, high] = this.rounds!;
    const at = this.base + node * WORDS + word;
    const [a, b, c] = [low[at]!, middle[at]!, high[at]!];
    const last = a & b & c;
    this.steps[0][word] = ~a | last;
    this.steps[1][word] = (a ^ b) | last;
    this.steps[2][word] = ((a & b) ^ c) | last;
  }

  /** Notes after how many steps a place fell, in the worlds of a mask. */
  private mark(at: number, word: number, mask: number): void {
    const { rounds, steps } = this;
    const [low, middle, high] = [mask & steps[0][word]!, mask & steps[1][word]!, mask & steps[2][word]!];
    if (low !== 0) rounds![0][at]! |= low;
    if (middle !== 0) rounds![1][at]! |= middle;
    if (high !== 0) rounds![2][at]! |= high;
  }

  /** Carries the new worlds of one node over its edges. */
  private carry(layout: Layout, level: Level, node: number, active: number): void {
    const { fallen, delta, next, full } = this;
    const firstWord = this.block * WORDS;
    const end = layout.outStart[node + 1]!;
    for (let edge = layout.outStart[node]!; edge < end; edge++) {
      const target = layout.to[edge]!;
      if (full[target] === 1) continue;
      const row = this.base + target * WORDS;
      let fell = false;
      for (let index = 0; index < active; index++) {
        const word = this.active[index]!;
        const mask = delta[word]! & ~fallen[row + word]!;
        if (mask === 0) continue;
        const open = openWorlds(layout, level, edge, firstWord + word, mask);
        if (open === 0) continue;
        if (!fell) this.beforeFall?.(target);
        fallen[row + word]! |= open;
        next.worlds[target * WORDS + word]! |= open;
        if (this.rounds !== undefined) this.mark(row + word, word, open);
        fell = true;
      }
      if (!fell) continue;
      next.add(target);
      this.noteFull(target, row);
    }
  }

  private noteFull(node: number, row: number): void {
    for (let at = row; at < row + WORDS; at++) if (this.fallen[at] !== -1) return;
    this.full[node] = 1;
  }
}

/** Worlds in which the node at one place fell in an earlier round than the node at another. */
export function fellEarlier([low, middle, high]: Rounds, at: number, than: number): number {
  const lower = ~low[at]! & low[than]!;
  const mid = (~middle[at]! & middle[than]!) | (~(middle[at]! ^ middle[than]!) & lower);
  return (~high[at]! & high[than]!) | (~(high[at]! ^ high[than]!) & mid);
}

/** Worlds in which the round in which the node at a place fell is only known to be a late one. */
export function fellLate([low, middle, high]: Rounds, at: number): number {
  return low[at]! & middle[at]! & high[at]!;
}
