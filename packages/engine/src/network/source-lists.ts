import { type Bits, hashOf, membersOf } from './bits.ts';
import { digestWords } from './digest.ts';

/** Ids of sources, and a name for the set that they are. */
export interface SourceList {
  list: readonly string[];
  key: string;
}

/** Lists of workload ids by what is in them: equal sets are one array, named by the ids in it. */
export class SourceLists {
  readonly #ids: readonly string[];
  readonly #digests: readonly [number, number][];
  readonly #known = new Map<string, SourceList>();

  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.#digests = ids.map((id) => digestWords(id));
  }

  of(bits: Bits): SourceList {
    const same = hashOf(bits);
    let found = this.#known.get(same);
    if (found === undefined) {
      found = this.#make(bits);
      this.#known.set(same, found);
    }
    return found;
  }

  #make(bits: Bits): SourceList {
    const members = membersOf(bits);
    let high = members.length;
    let low = 0;
    for (const index of members) {
      const [first, second] = this.#digests[index]!;
      high = (high + first) | 0;
      low = (low + second) | 0;
    }
    const key = `${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`;
    return { list: members.map((index) => this.#ids[index]!), key };
  }
}
