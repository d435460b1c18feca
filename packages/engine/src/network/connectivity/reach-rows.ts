import { addBit, type Bits, emptyBits } from '../bits.ts';
import type { ConnectionSet, Connections } from './connections.ts';
import type { EndGroup, EndGroups } from './end-groups.ts';
import { Exits } from './exits.ts';
import { CHUNK, FULL, isEmptyChunk, type KindSet, membersOfChunk } from './kind-set.ts';
import type { PeerKinds } from './peer-kinds.ts';
import type { Direction } from './policy.ts';

/** Sources that may use the same connections. */
export interface Passage {
  /** Numbers of groups of sources. */
  sources: Bits;
  connections: ConnectionSet;
}

/** Who may send to a group of destinations: what the destinations let in, cut by what the sources let out. */
export class ReachRows {
  readonly #size: number;
  readonly #connections: Connections;
  readonly #exits: Exits;
  /** By kind of source: the first of its groups, and behind the last kind their number. */
  readonly #firstOf: Uint32Array;

  constructor({ sources }: EndGroups, kinds: Readonly<Record<Direction, PeerKinds>>, connections: Connections) {
    this.#size = sources.length;
    this.#connections = connections;
    this.#exits = new Exits(sources, kinds.egress.size, connections);
    this.#firstOf = new Uint32Array(kinds.ingress.size + 1).fill(sources.length);
    for (let number = sources.length - 1; number >= 0; number--) this.#firstOf[sources[number]!.kind] = number;
    for (let kind = kinds.ingress.size - 1; kind >= 0; kind--)
      this.#firstOf[kind] = Math.min(this.#firstOf[kind]!, this.#firstOf[kind + 1]!);
  }

  /** Who may send what to a group of destinations. The sets are shared: do not change them. */
  into({ kind, cells }: EndGroup): Passage[] {
    const exits = this.#exits.towards(kind);
    if (cells === undefined) return [...exits].map(([connections, sources]) => ({ sources, connections }));
    const { none } = this.#connections;
    const found = new Map<ConnectionSet, Bits>();
    let spare: Bits | undefined;
    for (const { peers, allowed } of cells) {
      const admitted = this.#groupsOf(peers);
      for (const [exit, sources] of exits) {
        const connections = this.#connections.intersect(allowed, exit);
        if (connections === none) continue;
        const known = found.get(connections);
        const target = known ?? spare ?? emptyBits(this.#size);
        if (known === undefined) spare = target;
        if (!addCommon(target, admitted, sources) || known !== undefined) continue;
        found.set(connections, target);
        spare = undefined;
      }
    }
    return [...found].map(([connections, sources]) => ({ sources, connections }));
  }

  /** The groups of sources that are of some kinds. */
  #groupsOf({ chunks }: KindSet): Bits {
    const groups = emptyBits(this.#size);
    for (const [at, chunk] of chunks.entries()) {
      if (chunk === FULL) addRange(groups, this.#firstOf[at * CHUNK]!, this.#firstOf[(at + 1) * CHUNK]!);
      else if (!isEmptyChunk(chunk))
        for (const kind of membersOfChunk(chunk, at)) addRange(groups, this.#firstOf[kind]!, this.#firstOf[kind + 1]!);
    }
    return groups;
  }
}

/** Adds what is in both sets; false where that is nothing. */
function addCommon(target: Bits, a: Bits, b: Bits): boolean {
  let any = 0;
  for (let word = 0; word < target.length; word++) {
    const common = a[word]! & b[word]!;
    any |= common;
    target[word]! |= common;
  }
  return any !== 0;
}

/** Adds the numbers from one up to, and without, another. */
function addRange(bits: Bits, from: number, to: number): void {
  for (let index = from; index < to; ) {
    if ((index & 31) === 0 && index + 32 <= to) {
      bits[index >>> 5] = 0xffffffff;
      index += 32;
    } else {
      addBit(bits, index);
      index++;
    }
  }
}
