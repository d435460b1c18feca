import type { RuntimeEvent } from '@breakwater/model';

/** What a process is known by in its container: the id that its source gives it, else its pid. */
type Key = string | number;

/** A process, where it is, and what all of that is found by. */
interface Name {
  hash: number;
  key: Key;
  node: string;
  container: string;
}

/**
 * Entries of one bucket that are looked at, the newest first. Buckets hold one as a rule: more than these are there where
 * somebody makes names up that fall into one, who then is not remembered, and costs no more than others.
 */
const MOST_IN_BUCKET = 16;
/** Containers whose hashes are kept. */
const MOST_CONTAINERS = 4_096;

/** So many entries, each found by its name: in lists that are there from the beginning, which no entry makes larger. */
class Half<V> {
  size = 0;
  /** Number of the newest entry of each bucket, from one on, and of the one before each. */
  readonly #newest: Int32Array;
  readonly #before: Int32Array;
  readonly #hashes: Int32Array;
  readonly #mask: number;
  #keys: Key[] = [];
  #nodes: string[] = [];
  #containers: string[] = [];
  #values: V[] = [];

  constructor(entries: number) {
    const buckets = 2 ** Math.ceil(Math.log2(2 * entries));
    this.#newest = new Int32Array(buckets);
    this.#before = new Int32Array(entries);
    this.#hashes = new Int32Array(entries);
    this.#mask = buckets - 1;
  }

  get(name: Name): V | undefined {
    const index = this.#find(name);
    return index < 0 ? undefined : this.#values[index];
  }

  /** False where it is not there. */
  replace(name: Name, value: V): boolean {
    const index = this.#find(name);
    if (index >= 0) this.#values[index] = value;
    return index >= 0;
  }

  /** Adds what is not there. */
  add({ hash, key, node, container }: Name, value: V): void {
    const bucket = hash & this.#mask;
    this.#hashes[this.size] = hash;
    this.#before[this.size] = this.#newest[bucket] as number;
    this.#keys.push(key);
    this.#nodes.push(node);
    this.#containers.push(container);
    this.#values.push(value);
    this.size += 1;
    this.#newest[bucket] = this.size;
  }

  clear(): void {
    this.#newest.fill(0);
    this.size = 0;
    [this.#keys, this.#nodes, this.#containers, this.#values] = [[], [], [], []];
  }

  #find({ hash, key, node, container }: Name): number {
    let number = this.#newest[hash & this.#mask] as number;
    for (let looked = 0; number > 0 && looked < MOST_IN_BUCKET; looked += 1) {
      const index = number - 1;
      // Names are compared where hashes are the same: to go through memory for each costs more than all else.
      if (
        this.#hashes[index] === hash &&
        this.#keys[index] === key &&
        this.#containers[index] === container &&
        this.#nodes[index] === node
      )
        return index;
      number = this.#before[index] as number;
    }
    return -1;
  }
}

/**
 * What was set lately of processes in containers on nodes, and at most so many of it, in halves as in `RecentMap`. No maps:
 * every program that starts is a new entry, which costs more in a map than all else that is done with it.
 */
export class PlacedProcesses<V> {
  readonly #half: number;
  #young: Half<V>;
  #old: Half<V>;
  /** What was asked last, and the hash of its place. */
  readonly #name: Name = { hash: mixed(0), key: '', node: '', container: '' };
  #hashOfPlace = 0;
  /** Hashes of containers' names: events of many come by turns. */
  readonly #containers = new Map<string, number>();

  constructor(most: number) {
    this.#half = Math.max(1, Math.floor(most / 2));
    [this.#young, this.#old] = [new Half(this.#half), new Half(this.#half)];
  }

  get(event: RuntimeEvent, key: Key): V | undefined {
    const name = this.#nameOf(event, key);
    return this.#young.get(name) ?? this.#old.get(name);
  }

  set(event: RuntimeEvent, key: Key, value: V): void {
    const name = this.#nameOf(event, key);
    if (this.#young.replace(name, value)) return;
    if (this.#young.size >= this.#half) {
      [this.#old, this.#young] = [this.#young, this.#old];
      this.#young.clear();
    }
    this.#young.add(name, value);
  }

  #nameOf(event: RuntimeEvent, key: Key): Name {
    const name = this.#name;
    const node = event.node ?? '';
    const container = event.container?.id ?? event.container?.name ?? '';
    const isThere = name.container === container && name.node === node;
    if (isThere && name.key === key) return name;
    if (!isThere) {
      [name.node, name.container] = [node, container];
      this.#hashOfPlace = hashOf(this.#hashOfContainer(container), node);
    }
    name.key = key;
    name.hash = mixed(hashOf(this.#hashOfPlace, key));
    return name;
  }

  #hashOfContainer(container: string): number {
    const known = this.#containers.get(container);
    if (known !== undefined) return known;
    const hash = hashOf(0, container);
    if (this.#containers.size >= MOST_CONTAINERS) this.#containers.clear();
    this.#containers.set(container, hash);
    return hash;
  }
}

function hashOf(begun: number, key: Key): number {
  if (typeof key === 'number') return (begun * 31 + key) | 0;
  let hash = begun;
  for (let at = 0; at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
  return hash;
}

/** The lower bits of a product depend on lower bits alone. */
function mixed(hash: number): number {
  const product = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return product ^ (product >>> 15);
}
