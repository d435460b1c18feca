/** Some kinds that stand next to each other, one bit each. */
export type Chunk = Uint32Array<ArrayBuffer>;

/** Kinds in one chunk. */
export const CHUNK = 512;
const WORDS = CHUNK / 32;
const EMPTY: Chunk = new Uint32Array(WORDS);
/** Every kind of a chunk. */
export const FULL: Chunk = new Uint32Array(WORDS).fill(0xffffffff);

/**
 * A set of kinds in chunks that sets share: where the result of an operation is what one of the two has there, it is the
 * same object. So many sets that differ in few places take little memory, and what they have in common can be found.
 */
export class KindSet {
  readonly chunks: readonly Chunk[];

  constructor(chunks: readonly Chunk[]) {
    this.chunks = chunks;
  }

  /** The set of some of the kinds below `size`. */
  static of(size: number, members: Iterable<number>): KindSet {
    const chunks: Chunk[] = new Array<Chunk>(Math.ceil(size / CHUNK)).fill(EMPTY);
    for (const kind of members) {
      const at = Math.floor(kind / CHUNK);
      if (chunks[at] === EMPTY) chunks[at] = new Uint32Array(WORDS);
      chunks[at]![(kind % CHUNK) >>> 5]! |= 1 << (kind & 31);
    }
    return new KindSet(chunks.map((chunk) => (isSame(chunk, FULL) ? FULL : chunk)));
  }

  has(kind: number): boolean {
    return holds(this.chunks[Math.floor(kind / CHUNK)]!, kind);
  }

  get isEmpty(): boolean {
    return this.chunks.every((chunk) => chunk === EMPTY);
  }

  union(other: KindSet): KindSet {
    return this.#with(other, (a, b) => (a === b || b === EMPTY || a === FULL ? a : unite(a, b)));
  }

  intersect(other: KindSet): KindSet {
    return this.#with(other, (a, b) => (a === b || a === EMPTY || b === FULL ? a : overlap(a, b)));
  }

  subtract(other: KindSet): KindSet {
    return this.#with(other, (a, b) => (b === EMPTY || a === EMPTY ? a : a === b || b === FULL ? EMPTY : remove(a, b)));
  }

  /** The members, ascending. */
  members(): number[] {
    return this.chunks.flatMap((chunk, at) => (chunk === EMPTY ? [] : membersOfChunk(chunk, at)));
  }

  #with(other: KindSet, work: (a: Chunk, b: Chunk) => Chunk): KindSet {
    return new KindSet(this.chunks.map((chunk, at) => work(chunk, other.chunks[at]!)));
  }
}

/** Whether a chunk holds a kind that is one of its places. */
function holds(chunk: Chunk, kind: number): boolean {
  return (chunk[(kind % CHUNK) >>> 5]! & (1 << (kind & 31))) !== 0;
}

/** Whether no kind is in a chunk: there is one such chunk. */
export function isEmptyChunk(chunk: Chunk): boolean {
  return chunk === EMPTY;
}

/** The kinds of the chunk at a position. */
export function membersOfChunk(chunk: Chunk, at: number): number[] {
  const members: number[] = [];
  for (let word = 0; word < WORDS; word++) {
    let value = chunk[word]!;
    while (value !== 0) {
      members.push(at * CHUNK + (word << 5) + (31 - Math.clz32(value & -value)));
      value &= value - 1;
    }
  }
  return members;
}

function unite(a: Chunk, b: Chunk): Chunk {
  if (a === EMPTY || b === FULL) return b;
  return known(
    a.map((value, word) => value | b[word]!),
    a,
    b,
  );
}

function overlap(a: Chunk, b: Chunk): Chunk {
  if (b === EMPTY || a === FULL) return b;
  return known(
    a.map((value, word) => value & b[word]!),
    a,
    b,
  );
}

function remove(a: Chunk, b: Chunk): Chunk {
  return known(
    a.map((value, word) => value & ~b[word]!),
    a,
    b,
  );
}

/** The result of an operation as the object that is there already, if it is. */
function known(result: Chunk, a: Chunk, b: Chunk): Chunk {
  for (const one of [EMPTY, FULL, a, b]) if (isSame(result, one)) return one;
  return result;
}

function isSame(one: Chunk, other: Chunk): boolean {
  for (let word = 0; word < WORDS; word++) if (one[word] !== other[word]) return false;
  return true;
}
