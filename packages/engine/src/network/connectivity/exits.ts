import { addAll, addBit, type Bits, emptyBits } from '../bits.ts';
import type { ConnectionSet, Connections } from './connections.ts';
import type { Cell } from './direction-cells.ts';
import type { EndGroup } from './end-groups.ts';
import { CHUNK, type Chunk, holds, isEmptyChunk } from './kind-set.ts';

/** From here on the groups of an exit are a set: a list would be as large. */
const MANY = 1 / 32;

/** What some sources may send to the kinds of a chunk. Sources whose cells share a chunk are looked at together. */
interface Exit {
  chunk: Chunk;
  allowed: ConnectionSet;
  /** Numbers of groups of sources, or the set of them where they are many. */
  sources: number[] | Bits;
}

/**
 * Which groups of sources may send what to a kind of destination, as far as their own policies go. Only the kind that was
 * asked last is kept, so memory grows with what rules name, never with pairs.
 */
export class Exits {
  readonly #size: number;
  readonly #everything: ConnectionSet;
  readonly #free: Bits;
  /** By position of the chunk. */
  readonly #exits: Exit[][];
  #last: { kind: number; exits: ReadonlyMap<ConnectionSet, Bits> } | undefined;

  /** `kinds` is how many kinds of destinations there are. */
  constructor(sources: readonly EndGroup[], kinds: number, { everything }: Connections) {
    this.#size = sources.length;
    this.#everything = everything;
    this.#free = emptyBits(sources.length);
    const byChunk = Array.from({ length: Math.ceil(kinds / CHUNK) }, () => new Map<Chunk, Map<ConnectionSet, Exit>>());
    for (const [cells, groups] of bySharedCells(sources, this.#free))
      for (const { peers, allowed } of cells)
        for (const [at, chunk] of peers.chunks.entries()) {
          if (isEmptyChunk(chunk)) continue;
          const exit = exitOf(byChunk[at]!, chunk, allowed);
          for (const group of groups) (exit.sources as number[]).push(group);
        }
    this.#exits = byChunk.map((chunks) => [...chunks.values()].flatMap((exits) => [...exits.values()]));
    for (const exit of this.#exits.flat())
      if (exit.sources.length > sources.length * MANY) exit.sources = bitsOf(exit.sources, sources.length);
  }

  /** By what may be sent: groups of sources. The sets are shared: do not change them. */
  towards(kind: number): ReadonlyMap<ConnectionSet, Bits> {
    if (this.#last?.kind === kind) return this.#last.exits;
    const exits = new Map([[this.#everything, this.#free.slice()]]);
    for (const { chunk, allowed, sources } of this.#exits[Math.floor(kind / CHUNK)]!) {
      if (!holds(chunk, kind)) continue;
      let bits = exits.get(allowed);
      if (bits === undefined) {
        bits = emptyBits(this.#size);
        exits.set(allowed, bits);
      }
      if (sources instanceof Uint32Array) addAll(bits, sources);
      else for (const source of sources) addBit(bits, source);
    }
    this.#last = { kind, exits };
    return exits;
  }
}

function exitOf(exits: Map<Chunk, Map<ConnectionSet, Exit>>, chunk: Chunk, allowed: ConnectionSet): Exit {
  let byAllowed = exits.get(chunk);
  if (byAllowed === undefined) {
    byAllowed = new Map();
    exits.set(chunk, byAllowed);
  }
  let exit = byAllowed.get(allowed);
  if (exit === undefined) {
    exit = { chunk, allowed, sources: [] };
    byAllowed.set(allowed, exit);
  }
  return exit;
}

function bitsOf(members: Iterable<number>, size: number): Bits {
  const bits = emptyBits(size);
  for (const member of members) addBit(bits, member);
  return bits;
}

/** Lists of cells with the groups that they hold for; groups without any are added to `free`. */
function bySharedCells(sources: readonly EndGroup[], free: Bits): Map<readonly Cell[], number[]> {
  const shared = new Map<readonly Cell[], number[]>();
  for (const [number, { cells }] of sources.entries()) {
    const known = cells === undefined ? undefined : shared.get(cells);
    if (cells === undefined) addBit(free, number);
    else if (known === undefined) shared.set(cells, [number]);
    else known.push(number);
  }
  return shared;
}
