import { openWorlds, WORDS } from './open-worlds.ts';
import type { Simulation } from './simulate.ts';
import { fellEarlier, fellLate } from './wave.ts';

/**
 * Finds, a block of worlds after the other, who has to be taken back when edges go: nodes in worlds in which no
 * remaining edge from a node that fell in an earlier round holds them. Earlier rounds are what keeps two nodes from
 * holding each other. A superset of what really falls no more (late rounds are told apart no longer): what another way
 * reaches falls again afterwards.
 */
export class Suspects {
  /** Nodes found in this block; the first `count` entries. */
  readonly nodes: Int32Array;
  count = 0;
  /** `worlds[node * WORDS + word]`: in which worlds. */
  readonly worlds: Int32Array;
  private readonly found: Uint8Array;
  /** Found and not yet followed. */
  private readonly pending: Int32Array;
  private readonly waiting: Uint8Array;
  private readonly queue: number[] = [];
  private readonly simulation: Simulation;
  private readonly gone: ReadonlySet<number>;
  /** Where the rows of the block begin in the arrays of the simulation. */
  private offset = 0;
  private firstWord = 0;

  constructor(simulation: Simulation, gone: ReadonlySet<number>) {
    const nodes = simulation.layout.values.length;
    this.simulation = simulation;
    this.gone = gone;
    this.nodes = new Int32Array(nodes);
    this.worlds = new Int32Array(nodes * WORDS);
    this.found = new Uint8Array(nodes);
    this.pending = new Int32Array(nodes * WORDS);
    this.waiting = new Uint8Array(nodes);
  }

  /** Follows the edges that go, then all that hung on what they held, in one block. */
  find(block: number): void {
    const { layout, fallen } = this.simulation;
    this.forget();
    this.firstWord = block * WORDS;
    this.offset = block * layout.values.length * WORDS;
    for (const edge of this.gone) this.doubt(edge, fallen, this.offset + layout.from[edge]! * WORDS);
    const delta = new Int32Array(WORDS);
    for (let node = this.queue.pop(); node !== undefined; node = this.queue.pop()) {
      const row = node * WORDS;
      delta.set(this.pending.subarray(row, row + WORDS));
      this.pending.fill(0, row, row + WORDS);
      this.waiting[node] = 0;
      const end = layout.outStart[node + 1]!;
      for (let edge = layout.outStart[node]!; edge < end; edge++) this.doubt(edge, delta, 0);
    }
  }

  private forget(): void {
    for (let at = 0; at < this.count; at++) {
      const node = this.nodes[at]!;
      this.found[node] = 0;
      this.worlds.fill(0, node * WORDS, (node + 1) * WORDS);
    }
    this.count = 0;
  }

  /** Suspects an edge's target in those worlds of its start in which the edge held it and nothing else does. */
  private doubt(edge: number, starts: Int32Array, row: number): void {
    const { layout, fallen, rounds } = this.simulation;
    const target = layout.to[edge]!;
    const known = target * WORDS;
    const to = this.offset + known;
    const from = this.offset + layout.from[edge]! * WORDS;
    for (let word = 0; word < WORDS; word++) {
      let mask = starts[row + word]!;
      if (mask === 0) continue;
      mask &= fallen[to + word]! & ~this.worlds[known + word]!;
      if (mask === 0) continue;
      mask &= fellEarlier(rounds, from + word, to + word) | fellLate(rounds, to + word);
      if (mask === 0) continue;
      mask = openWorlds(layout, 0, edge, this.firstWord + word, mask);
      if (mask !== 0) mask = this.unsupported(target, word, mask);
      if (mask !== 0) this.suspect(target, word, mask);
    }
  }

  private suspect(node: number, word: number, mask: number): void {
    this.worlds[node * WORDS + word]! |= mask;
    this.pending[node * WORDS + word]! |= mask;
    if (this.found[node] === 0) {
      this.found[node] = 1;
      this.nodes[this.count++] = node;
    }
    if (this.waiting[node] === 0) {
      this.waiting[node] = 1;
      this.queue.push(node);
    }
  }

  /** Worlds of `mask` in which no edge that stays holds the node from an earlier round. */
  private unsupported(node: number, word: number, mask: number): number {
    const { layout, fallen, rounds } = this.simulation;
    const to = this.offset + node * WORDS + word;
    const end = layout.inStart[node + 1]!;
    let left = mask;
    for (let entry = layout.inStart[node]!; entry < end && left !== 0; entry++) {
      const edge = layout.inEdges[entry]!;
      const row = layout.from[edge]! * WORDS + word;
      let holds = left & fallen[this.offset + row]! & ~this.worlds[row]!;
      if (holds === 0 || this.gone.has(edge)) continue;
      holds &= fellEarlier(rounds, this.offset + row, to);
      if (holds !== 0) left &= ~openWorlds(layout, 0, edge, this.firstWord + word, holds);
    }
    return left;
  }
}
