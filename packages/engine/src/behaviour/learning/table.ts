import { DIMENSIONS } from '@breakwater/model';
import { DistinctCount } from './distinct-count.ts';
import type { Entry } from './entry.ts';
import { jsonBytes } from './json-bytes.ts';

/** Bytes of all entries, as they are described: with what else a profile holds it stays below 2 MB. */
const ROOM = 1_200_000;
/** What one dimension may take of it: nobody who fills one leaves the others without. */
const SHARE = 0.6;
/** What of the room is left to what is not implied by others; and the part of it that is made when there is none. */
const RESERVED = 0.2;
/** Minutes in which what is implied stays, and none is looked for to be let go for another. */
const PAUSE = 60;
/** Bytes of an entry without its texts. */
const FIXED = 420;
/** Characters of a reason: the paths in it are strangers'. */
export const LONGEST_REASON = 240;

/** The behaviours of one workload, as many as there is room for; of others it is counted how many they are. */
export class Table {
  readonly #entries = new Map<string, Entry>();
  readonly #dropped: DistinctCount;
  readonly #used = DIMENSIONS.map(() => 0);
  /** Bytes of what is implied, of each dimension. */
  readonly #implied = DIMENSIONS.map(() => 0);
  /** When room was looked for last for what is implied itself. */
  searched = -1;
  /** How often something was not kept, or let go, as others imply it. */
  letGo = 0;
  #total = 0;
  #droppedCount: number;

  constructor(entries: Iterable<Entry> = [], dropped = '', droppedCount = 0) {
    this.#dropped = new DistinctCount(dropped);
    this.#droppedCount = droppedCount;
    for (const entry of entries) this.#put(entry, bytesOf(entry));
  }

  get = (key: string): Entry | undefined => this.#entries.get(key);
  get size(): number {
    return this.#entries.size;
  }
  values = (): IterableIterator<Entry> => this.#entries.values();

  hasRoom(entry: Entry): boolean {
    const bytes = bytesOf(entry);
    const room = entry.isImplied ? ROOM * (1 - RESERVED) : ROOM;
    return this.#total + bytes <= room && this.#used[entry.dimension]! + bytes <= room * SHARE;
  }

  /**
   * Lets go what others imply, what was not seen for the longest time first, until enough is free; for what is implied itself
   * only what was not seen lately. False where there is too little of it to be worth the search. Who calls it makes anew what
   * follows from the table.
   */
  makeRoom({ dimension, isImplied }: Entry, minute: number): boolean {
    if (isImplied) {
      if (Math.abs(minute - this.searched) < PAUSE) return false;
      this.searched = minute;
    }
    const all = this.#implied.reduce((sum, bytes) => sum + bytes, 0);
    const isOfDimension = this.#used[dimension]! > ROOM * SHARE * (1 - RESERVED);
    const wanted = ROOM * RESERVED * (isOfDimension ? SHARE : 1);
    if ((isOfDimension ? this.#implied[dimension]! : all) < wanted / 4) return false;
    const implied = [...this.#entries.values()]
      .filter((entry) => canGo(entry) && (!isOfDimension || entry.dimension === dimension))
      .filter(({ last }) => !isImplied || last < minute - PAUSE)
      .sort((a, b) => a.last - b.last || (a.key < b.key ? -1 : 1));
    let freed = 0;
    for (const entry of implied) {
      if (freed >= wanted) break;
      freed += bytesOf(entry);
      this.letGo += 1;
      this.remove(entry);
    }
    return freed > 0;
  }

  add(entry: Entry): void {
    this.#put(entry, bytesOf(entry));
  }

  #put(entry: Entry, bytes: number): void {
    this.#entries.set(entry.key, entry);
    this.#used[entry.dimension]! += bytes;
    if (entry.isImplied) this.#implied[entry.dimension]! += bytes;
    this.#total += bytes;
  }

  remove(entry: Entry): void {
    if (!this.#entries.delete(entry.key)) return;
    const bytes = bytesOf(entry);
    this.#used[entry.dimension]! -= bytes;
    if (entry.isImplied) this.#implied[entry.dimension]! -= bytes;
    this.#total -= bytes;
  }

  /** Counts one for which there is no room. */
  drop(key: string): void {
    if (this.#dropped.add(key)) this.#droppedCount = Math.max(1, this.#dropped.count());
  }

  /** Different behaviours that found no room, about. */
  get dropped(): number {
    return this.#droppedCount;
  }
  droppedText = (): string => this.#dropped.toText();
}

/** Whether it would be known again by the same reason: nobody answers for it, holds it, or declared it. */
const canGo = ({ isImplied, isPrior, origin, incidents, until }: Entry): boolean =>
  isImplied &&
  !isPrior &&
  (origin === 'learned' || origin === 'declared') &&
  incidents.length === 0 &&
  until === Number.POSITIVE_INFINITY;

/** Reasons change: room is kept for the longest. */
function bytesOf({ behaviour }: Entry): number {
  const { actor, parent, object, applet = '' } = behaviour;
  return FIXED + jsonBytes(actor) + jsonBytes(parent) + jsonBytes(object) + jsonBytes(applet);
}
