import { DIMENSIONS } from '@breakwater/model';
import { DistinctCount } from './distinct-count.ts';
import type { Entry } from './entry.ts';
import { jsonBytes } from './json-bytes.ts';

/** Bytes of all entries, as they are described: with what else a profile holds it stays below 2 MB. */
const ROOM = 1_000_000;
/** What one dimension may take of it: nobody who fills one leaves the others without. */
const SHARE = 0.6;
/** Bytes of an entry without its texts. */
const FIXED = 420;
/** Characters of a reason: the paths in it are strangers'. */
export const LONGEST_REASON = 240;

/** The behaviours of one workload, as many as there is room for; of others it is counted how many they are. */
export class Table {
  readonly #entries = new Map<string, Entry>();
  readonly #dropped: DistinctCount;
  readonly #used = DIMENSIONS.map(() => 0);
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
    return this.#total + bytes <= ROOM && this.#used[entry.dimension]! + bytes <= ROOM * SHARE;
  }

  add(entry: Entry): void {
    this.#put(entry, bytesOf(entry));
  }

  #put(entry: Entry, bytes: number): void {
    this.#entries.set(entry.key, entry);
    this.#used[entry.dimension]! += bytes;
    this.#total += bytes;
  }

  remove(entry: Entry): void {
    if (!this.#entries.delete(entry.key)) return;
    const bytes = bytesOf(entry);
    this.#used[entry.dimension]! -= bytes;
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

/** Reasons change: room is kept for the longest. */
function bytesOf({ behaviour }: Entry): number {
  const { actor, parent, object, applet = '' } = behaviour;
  return FIXED + jsonBytes(actor) + jsonBytes(parent) + jsonBytes(object) + jsonBytes(applet);
}
