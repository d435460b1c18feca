import type { RuntimeEvent } from '@breakwater/model';

/** What a process is known by in its container: the id that its source gives it, else its pid. */
type Key = string | number;
type Containers<V> = Map<string, Map<Key, V>>;
/** By node, then by container. */
type Nodes<V> = Map<string, Containers<V>>;

/** Bits of a filter for each entry that it is made for. */
const BITS = 16;
/** Characters at the end of an id that a filter looks at: what ids begin with is the same for all of a node. */
const LAST = 12;

/**
 * Tells of keys that were not set, without going through memory for them: most programs that start have ids that nobody heard
 * of, and to miss one in a large map costs more than to find one.
 */
class Filter {
  readonly #bits: Uint32Array;
  readonly #mask: number;

  constructor(entries: number) {
    const words = 2 ** Math.ceil(Math.log2(Math.max(2, (entries * BITS) / 32)));
    this.#bits = new Uint32Array(words);
    this.#mask = words * 32 - 1;
  }

  has(key: Key): boolean {
    const bit = hashOf(key) & this.#mask;
    return ((this.#bits[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
  }

  add(key: Key): void {
    const bit = hashOf(key) & this.#mask;
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] as number) | (1 << (bit & 31));
  }

  clear(): void {
    this.#bits.fill(0);
  }
}

function hashOf(key: Key): number {
  let hash = 0;
  if (typeof key === 'number') hash = key;
  else
    for (let at = Math.max(0, key.length - LAST); at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
  // The lower bits of a product depend on lower bits alone.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return hash ^ (hash >>> 15);
}

/** The container that was asked for last: events of one come together. */
interface Place<V> {
  node: string;
  container: string;
  young: Map<Key, V> | undefined;
  old: Map<Key, V> | undefined;
}

/**
 * What was set lately of processes in containers on nodes, and at most so many of it, in halves as in `RecentMap`. Names are
 * looked up one in the other: to put them together for each event costs more than to find it.
 */
export class PlacedProcesses<V> {
  readonly #half: number;
  #young: Nodes<V> = new Map();
  #old: Nodes<V> = new Map();
  #youngKeys: Filter;
  #oldKeys: Filter;
  #size = 0;
  #last: Place<V> | undefined;

  constructor(most: number) {
    this.#half = Math.max(1, Math.floor(most / 2));
    [this.#youngKeys, this.#oldKeys] = [new Filter(this.#half), new Filter(this.#half)];
  }

  get(event: RuntimeEvent, key: Key): V | undefined {
    const [isYoung, isOld] = [this.#youngKeys.has(key), this.#oldKeys.has(key)];
    if (!isYoung && !isOld) return undefined;
    const { young, old } = this.#placeOf(event);
    return (isYoung ? young?.get(key) : undefined) ?? (isOld ? old?.get(key) : undefined);
  }

  set(event: RuntimeEvent, key: Key, value: V): void {
    let place = this.#placeOf(event);
    if (!this.#youngKeys.has(key) || place.young?.has(key) !== true) {
      if (this.#size >= this.#half) place = this.#turn(event);
      this.#size += 1;
    }
    place.young ??= this.#begin(place);
    place.young.set(key, value);
    this.#youngKeys.add(key);
  }

  /** Lets the older half go. */
  #turn(event: RuntimeEvent): Place<V> {
    [this.#old, this.#young] = [this.#young, new Map()];
    [this.#oldKeys, this.#youngKeys] = [this.#youngKeys, this.#oldKeys];
    this.#youngKeys.clear();
    this.#size = 0;
    this.#last = undefined;
    return this.#placeOf(event);
  }

  #begin({ node, container }: Place<V>): Map<Key, V> {
    const processes = new Map<Key, V>();
    const containers = this.#young.get(node) ?? new Map<string, Map<Key, V>>();
    this.#young.set(node, containers.set(container, processes));
    return processes;
  }

  #placeOf(event: RuntimeEvent): Place<V> {
    const node = event.node ?? '';
    const container = event.container?.id ?? event.container?.name ?? '';
    const last = this.#last;
    if (last !== undefined && last.container === container && last.node === node) return last;
    const young = this.#young.get(node)?.get(container);
    const old = this.#old.get(node)?.get(container);
    this.#last = { node, container, young, old };
    return this.#last;
  }
}
