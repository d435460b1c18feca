import { addAll, addBit, type Bits, emptyBits } from '../bits.ts';
import type { ConnectionSet, Connections } from './connections.ts';
import type { Cell } from './direction-cells.ts';
import type { EndGroup } from './end-groups.ts';
import { CHUNK, type Chunk, FULL, isEmptyChunk } from './kind-set.ts';

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
  #index: ChunkIndex | undefined;
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

  /* Kinds are asked about in their order, so one index is made for each chunk. */
  #indexFor(kind: number): ChunkIndex {
    const at = Math.floor(kind / CHUNK);
    if (this.#index?.at !== at) this.#index = new ChunkIndex(at, this.#exits[at]!);
    return this.#index;
  }

  /** By what may be sent: groups of sources. The sets are shared: do not change them. */
  towards(kind: number): ReadonlyMap<ConnectionSet, Bits> {
    if (this.#last?.kind === kind) return this.#last.exits;
    const exits = new Map([[this.#everything, this.#free.slice()]]);
    const bitsOfExit = (allowed: ConnectionSet): Bits => {
      let bits = exits.get(allowed);
      if (bits === undefined) {
        bits = emptyBits(this.#size);
        exits.set(allowed, bits);
      }
      return bits;
    };
    this.#indexFor(kind).add(kind, bitsOfExit);
    this.#last = { kind, exits };
    return exits;
  }
}

/**
 * Exits of one chunk by each of its kinds, all in plain numbers: what is asked millions of times is read in the order in
 * which it stands. Exits of kind `k` stand from `offsets[k]` up to `offsets[k + 1]`, those with equal connections together.
 */
class ChunkIndex {
  readonly at: number;
  /** Exits to every kind of the chunk. */
  readonly #full: readonly number[];
  readonly #allowed: Uint32Array;
  /** Sources of exits that are a set. */
  readonly #wide = new Map<number, Bits>();
  readonly #offsets = new Uint32Array(CHUNK + 2);
  readonly #numbers: Uint32Array;
  /** Sources of exit `n`, where they are a list: from `starts[n]` up to `starts[n + 1]`. */
  readonly #starts: Uint32Array;
  readonly #sources: Uint32Array;

  constructor(at: number, exits: readonly Exit[]) {
    this.at = at;
    const sorted = exits.toSorted((a, b) => a.allowed - b.allowed);
    this.#allowed = Uint32Array.from(sorted, ({ allowed }) => allowed);
    this.#starts = new Uint32Array(exits.length + 1);
    for (const [number, { sources }] of sorted.entries())
      this.#starts[number + 1] = this.#starts[number]! + (Array.isArray(sources) ? sources.length : 0);
    this.#sources = new Uint32Array(this.#starts[exits.length]!);
    const full: number[] = [];
    for (const [number, { chunk, sources }] of sorted.entries()) {
      if (Array.isArray(sources)) this.#sources.set(sources, this.#starts[number]!);
      else this.#wide.set(number, sources);
      if (chunk === FULL) full.push(number);
      else countMembers(chunk, this.#offsets);
    }
    this.#full = full;
    for (let kind = 0; kind <= CHUNK; kind++) this.#offsets[kind + 1]! += this.#offsets[kind]!;
    this.#numbers = new Uint32Array(this.#offsets[CHUNK + 1]!);
    /* Each offset is moved to the end of its kind while that is filled: where the next one begins. */
    for (const [number, { chunk }] of sorted.entries())
      if (chunk !== FULL) placeMembers(chunk, this.#offsets, this.#numbers, number);
  }

  /** Adds the sources of every exit to a kind to the set that is for its connections. */
  add(kind: number, bitsOfExit: (allowed: ConnectionSet) => Bits): void {
    const place = kind % CHUNK;
    this.#addEach(this.#full, bitsOfExit);
    this.#addEach(this.#numbers.subarray(this.#offsets[place]!, this.#offsets[place + 1]!), bitsOfExit);
  }

  #addEach(numbers: Uint32Array | readonly number[], bitsOfExit: (allowed: ConnectionSet) => Bits): void {
    let last: ConnectionSet | undefined;
    let bits: Bits = NONE;
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at]!;
      const allowed = this.#allowed[number]!;
      if (allowed !== last) bits = bitsOfExit(allowed);
      last = allowed;
      const end = this.#starts[number + 1]!;
      let from = this.#starts[number]!;
      if (from === end) addAll(bits, this.#wide.get(number)!);
      for (; from < end; from++) addBit(bits, this.#sources[from]!);
    }
  }
}

const NONE: Bits = emptyBits(0);

/** Adds one to the place two behind each member. */
function countMembers(chunk: Chunk, counts: Uint32Array): void {
  for (let word = 0; word < chunk.length; word++)
    for (let rest = chunk[word]!; rest !== 0; rest &= rest - 1) counts[(word << 5) + lowestBit(rest) + 2]!++;
}

/** Writes a number where the next one of each member belongs. */
function placeMembers(chunk: Chunk, next: Uint32Array, numbers: Uint32Array, number: number): void {
  for (let word = 0; word < chunk.length; word++)
    for (let rest = chunk[word]!; rest !== 0; rest &= rest - 1)
      numbers[next[(word << 5) + lowestBit(rest) + 1]!++] = number;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
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
