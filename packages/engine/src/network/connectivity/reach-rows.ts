import { addAll, addBit, type Bits, emptyBits, intersect, meet, membersOf } from '../bits.ts';
import type { ConnectionSet, Connections } from './connections.ts';
import type { Cell } from './direction-cells.ts';
import type { EndGroup, EndGroups } from './end-groups.ts';
import type { PeerKinds } from './peer-kinds.ts';

/** Sources that may use the same connections. */
export interface Passage {
  /** Numbers of groups of sources. */
  sources: Bits;
  connections: ConnectionSet;
}

/**
 * Who may send to a group of destinations: what the destinations let in, cut by what the sources let out. Only what was
 * asked last is kept, so memory grows with groups, never with pairs.
 */
export class ReachRows {
  readonly #groups: EndGroups;
  readonly #connections: Connections;
  /** By kind of source: the first of its groups, and behind the last kind their number. */
  readonly #firstOf: Uint32Array;
  /** Lists of egress cells with the groups of sources that they hold for. */
  readonly #restricted: { cells: readonly Cell[]; sources: number[] }[];
  readonly #free: Bits;
  #last: { kind: number; exits: ReadonlyMap<ConnectionSet, Bits> } | undefined;

  constructor(groups: EndGroups, { size }: PeerKinds, connections: Connections) {
    this.#groups = groups;
    this.#connections = connections;
    this.#free = emptyBits(groups.sources.length);
    this.#firstOf = new Uint32Array(size + 1).fill(groups.sources.length);
    const restricted = new Map<readonly Cell[], number[]>();
    for (const [number, { kind, cells }] of [...groups.sources.entries()].reverse()) {
      this.#firstOf[kind] = number;
      if (cells === undefined) addBit(this.#free, number);
      else push(restricted, cells, number);
    }
    for (let kind = size - 1; kind >= 0; kind--)
      this.#firstOf[kind] = Math.min(this.#firstOf[kind]!, this.#firstOf[kind + 1]!);
    this.#restricted = [...restricted].map(([cells, sources]) => ({ cells, sources }));
  }

  /** Who may send what to a group of destinations. The sets are shared: do not change them. */
  into({ kind, cells }: EndGroup): Passage[] {
    const exits = this.#towards(kind);
    const { none } = this.#connections;
    if (cells === undefined) return [...exits].map(([connections, sources]) => ({ sources, connections }));
    const found = new Map<ConnectionSet, Bits>();
    for (const { peers, allowed } of cells) {
      if (allowed === none) continue;
      const admitted = this.#groupsOf(peers);
      for (const [exit, sources] of exits) {
        const connections = this.#connections.intersect(allowed, exit);
        const both = connections === none || !meet(admitted, sources) ? undefined : intersect(admitted, sources);
        if (both === undefined) continue;
        const known = found.get(connections);
        if (known === undefined) found.set(connections, both);
        else addAll(known, both);
      }
    }
    return [...found].map(([connections, sources]) => ({ sources, connections }));
  }

  /** What sources may send to a kind of destination, as far as their own policies go. */
  #towards(kind: number): ReadonlyMap<ConnectionSet, Bits> {
    if (this.#last?.kind === kind) return this.#last.exits;
    const { everything, none } = this.#connections;
    const exits = new Map<ConnectionSet, Bits>([[everything, this.#free.slice()]]);
    for (const { cells, sources } of this.#restricted) {
      const allowed = allowedOf(cells, kind) ?? none;
      if (allowed === none) continue;
      let bits = exits.get(allowed);
      if (bits === undefined) {
        bits = emptyBits(this.#groups.sources.length);
        exits.set(allowed, bits);
      }
      for (const source of sources) addBit(bits, source);
    }
    this.#last = { kind, exits };
    return exits;
  }

  /** The groups of sources that are of some kinds. */
  #groupsOf(kinds: Bits): Bits {
    const groups = emptyBits(this.#groups.sources.length);
    for (const kind of membersOf(kinds)) addRange(groups, this.#firstOf[kind]!, this.#firstOf[kind + 1]!);
    return groups;
  }
}

/** What a list of cells allows a kind of peer. */
export function allowedOf(cells: readonly Cell[], kind: number): ConnectionSet | undefined {
  for (const { peers, allowed } of cells) if ((peers[kind >>> 5]! & (1 << (kind & 31))) !== 0) return allowed;
  return undefined;
}

function push(lists: Map<readonly Cell[], number[]>, cells: readonly Cell[], group: number): void {
  const known = lists.get(cells);
  if (known === undefined) lists.set(cells, [group]);
  else known.push(group);
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
