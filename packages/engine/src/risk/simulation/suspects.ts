import { openWorlds, WORDS } from './open-worlds.ts';
import type { Simulation } from './simulate.ts';
import { fellEarlier, fellLate } from './wave.ts';

/** By node: worlds of each word of a block. */
export type WorldsByNode = Map<number, Int32Array>;

function rowOf(rows: WorldsByNode, node: number): Int32Array {
  let row = rows.get(node);
  if (row === undefined) {
    row = new Int32Array(WORDS);
    rows.set(node, row);
  }
  return row;
}

/**
 * Finds, for one block of words, who has to be taken back when edges go: nodes in worlds in which no remaining edge
 * from a node that fell in an earlier round holds them. Earlier rounds are what keeps two nodes from holding each
 * other. A superset of what really falls no more (late rounds are told apart no longer): what another way reaches
 * falls again afterwards.
 */
export class Suspects {
  readonly rows: WorldsByNode = new Map();
  private readonly pending: WorldsByNode = new Map();
  private readonly simulation: Simulation;
  private readonly gone: ReadonlySet<number>;
  private readonly block: number;

  constructor(simulation: Simulation, gone: ReadonlySet<number>, block: number) {
    this.simulation = simulation;
    this.gone = gone;
    this.block = block;
  }

  private rowAt(node: number): number {
    return (this.block * this.simulation.layout.values.length + node) * WORDS;
  }

  /** Follows the edges that go, then all that hung on what they held. */
  find(): void {
    const { layout, fallen } = this.simulation;
    for (const edge of this.gone) this.doubt(edge, fallen, this.rowAt(layout.from[edge]!));
    for (let next = this.pending.entries().next(); !next.done; next = this.pending.entries().next()) {
      const [node, worlds] = next.value;
      this.pending.delete(node);
      for (let edge = layout.outStart[node]!; edge < layout.outStart[node + 1]!; edge++) {
        this.doubt(edge, worlds, 0);
      }
    }
  }

  /** Suspects an edge's target in those worlds of its start in which the edge held it and nothing else does. */
  private doubt(edge: number, worlds: Int32Array, offset: number): void {
    const { layout, fallen, rounds } = this.simulation;
    const target = layout.to[edge]!;
    const known = this.rows.get(target);
    for (let k = 0; k < WORDS; k++) {
      const at = this.rowAt(target) + k;
      let mask = worlds[offset + k]! & fallen[at]! & ~(known?.[k] ?? 0);
      if (mask === 0) continue;
      const start = this.rowAt(layout.from[edge]!) + k;
      mask &= fellEarlier(rounds, start, at) | fellLate(rounds, at);
      if (mask === 0) continue;
      mask = openWorlds(layout, 0, edge, this.block * WORDS + k, mask);
      if (mask === 0) continue;
      mask = this.unsupported(target, k, mask);
      if (mask === 0) continue;
      rowOf(this.rows, target)[k]! |= mask;
      rowOf(this.pending, target)[k]! |= mask;
    }
  }

  /** Worlds of `mask` in which no edge that stays holds the node from an earlier round. */
  private unsupported(node: number, k: number, mask: number): number {
    const { layout, fallen, rounds } = this.simulation;
    const word = this.block * WORDS + k;
    const at = this.rowAt(node) + k;
    let left = mask;
    for (let entry = layout.inStart[node]!; entry < layout.inStart[node + 1]! && left !== 0; entry++) {
      const edge = layout.inEdges[entry]!;
      if (this.gone.has(edge)) continue;
      const from = layout.from[edge]!;
      const start = this.rowAt(from) + k;
      const holds = left & fallen[start]! & ~(this.rows.get(from)?.[k] ?? 0) & fellEarlier(rounds, start, at);
      if (holds !== 0) left &= ~openWorlds(layout, 0, edge, word, holds);
    }
    return left;
  }
}
