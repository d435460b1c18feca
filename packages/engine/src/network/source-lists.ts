import { type Bits, hashOf, membersOf } from './bits.ts';
import type { Connectivity } from './connectivity/index.ts';
import { digestWords } from './digest.ts';

/** Ids of workloads, and a name for the set that they are. */
export interface SourceList {
  list: readonly string[];
  key: string;
}

/** One group of sources: its ids, and sums of what they are digested to. */
interface Part {
  ids: readonly string[];
  high: number;
  low: number;
}

/**
 * Lists of workload ids behind sets of groups of sources: equal sets are one array, named by the ids in it. Each group is
 * looked up once; what many sets have in common is only copied.
 */
export class SourceLists {
  readonly #parts: readonly Part[];
  readonly #known = new Map<string, SourceList>();

  constructor(reach: Connectivity) {
    this.#parts = reach.groups.sources.map(({ ends }) => {
      const members = ends.flatMap((end) => reach.workloadsOf(end));
      return partOf(members.map((member) => reach.workloads[member]!.id));
    });
  }

  of(sources: Bits): SourceList {
    const same = hashOf(sources);
    let found = this.#known.get(same);
    if (found === undefined) {
      found = this.#make(membersOf(sources));
      this.#known.set(same, found);
    }
    return found;
  }

  #make(groups: readonly number[]): SourceList {
    let [size, high, low] = [0, 0, 0];
    for (const group of groups) {
      const part = this.#parts[group]!;
      size += part.ids.length;
      high = (high + part.high) | 0;
      low = (low + part.low) | 0;
    }
    const list = new Array<string>(size);
    let at = 0;
    for (const group of groups) {
      const { ids } = this.#parts[group]!;
      for (let index = 0; index < ids.length; index++) list[at++] = ids[index]!;
    }
    return { list, key: `${((high + size) >>> 0).toString(36)}${(low >>> 0).toString(36)}` };
  }
}

function partOf(ids: readonly string[]): Part {
  let [high, low] = [0, 0];
  for (const id of ids) {
    const [first, second] = digestWords(id);
    high = (high + first) | 0;
    low = (low + second) | 0;
  }
  return { ids, high, low };
}
