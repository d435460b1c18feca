import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 0xed0cdaed;
const VERSION = 2;
const PAGE_HEAD = 16;
const LEAF_HEAD = 16;
const META_SIZE = 64;
const BRANCH = 1;
const LEAF = 2;
const IS_BUCKET = 1;
const DEEPEST = 32;
const MOST_ENTRIES = 100_000;
/** A page and those behind it that belong to it. */
const LARGEST_PAGE = 16 * 1024 * 1024;

/** A folder of keys in a Bolt file: values, and further folders. */
export interface BoltBucket {
  /** Where its tree begins; 0 where it lies within the page of the bucket above. */
  root: number;
  inline: Buffer | undefined;
}

/** A key of a bucket with what it holds. */
type BoltEntry = [key: string, value: Buffer | BoltBucket];

/**
 * Reads a Bolt file (go.etcd.io/bbolt, the state of containerd and of older podmans) while its owner writes to it: the
 * owner never overwrites pages that the last whole transaction has, for as long as nobody writes twice. Pages are read as
 * they are asked for, whatever the size of the file; all that does not fit together throws a RangeError.
 */
export class BoltFile {
  readonly #descriptor: number;
  readonly #pageSize: number;
  readonly #size: number;
  readonly root: BoltBucket;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    try {
      this.#size = fstatSync(this.#descriptor).size;
      const meta = this.#lastMeta();
      this.#pageSize = meta.pageSize;
      this.root = { root: meta.root, inline: undefined };
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Of the two heads, which are written in turn, the later whole one. */
  #lastMeta(): { pageSize: number; root: number } {
    const first = readMeta(this.#read(0, PAGE_HEAD + META_SIZE));
    const sizes = first === undefined ? [4096, 8192, 16_384, 65_536] : [first.pageSize];
    const metas = [first, ...sizes.map((size) => readMeta(this.#read(size, PAGE_HEAD + META_SIZE)))];
    const [last] = metas.filter((meta) => meta !== undefined).sort((a, b) => Number(b.transaction - a.transaction));
    if (last === undefined) throw new RangeError('no Bolt file');
    return last;
  }

  #read(at: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, size, at));
  }

  #page(id: number): Buffer {
    const at = id * this.#pageSize;
    if (!(at > 0 && at < this.#size)) throw new RangeError(`a page ${id} beyond the file`);
    const head = this.#read(at, PAGE_HEAD);
    const size = (head.readUInt32LE(12) + 1) * this.#pageSize;
    if (size > LARGEST_PAGE) throw new RangeError('a page too large');
    return this.#read(at, size);
  }

  /** What a bucket holds under the keys of a path, each in the one before. */
  find(bucket: BoltBucket | undefined, ...path: readonly string[]): Buffer | BoltBucket | undefined {
    let at: Buffer | BoltBucket | undefined = bucket;
    for (const key of path) {
      if (at === undefined || Buffer.isBuffer(at)) return undefined;
      at = this.#search(at, key);
    }
    return at;
  }

  bucket(bucket: BoltBucket | undefined, ...path: readonly string[]): BoltBucket | undefined {
    const found = this.find(bucket, ...path);
    return Buffer.isBuffer(found) ? undefined : found;
  }

  text(bucket: BoltBucket | undefined, ...path: readonly string[]): string {
    const found = this.find(bucket, ...path);
    return Buffer.isBuffer(found) ? found.toString('utf8') : '';
  }

  #search(bucket: BoltBucket, key: string): Buffer | BoltBucket | undefined {
    const wanted = Buffer.from(key);
    let page = bucket.inline ?? this.#page(bucket.root);
    for (let depth = 0; page.readUInt16LE(8) === BRANCH; depth++) {
      if (depth >= DEEPEST) throw new RangeError('a tree too deep');
      page = this.#page(childFor(page, wanted));
    }
    for (const [found, value] of leavesOf(page)) if (found.equals(wanted)) return value;
    return undefined;
  }

  /** Everything that a bucket holds, in the order of its keys. */
  *entries(bucket: BoltBucket | undefined): Generator<BoltEntry> {
    if (bucket === undefined) return;
    const waiting = [{ page: bucket.inline ?? this.#page(bucket.root), depth: 0 }];
    let count = 0;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { page, depth } = next;
      if (page.readUInt16LE(8) === BRANCH) {
        if (depth >= DEEPEST) throw new RangeError('a tree too deep');
        for (const { child } of branchesOf(page).reverse()) waiting.push({ page: this.#page(child), depth: depth + 1 });
        continue;
      }
      for (const [key, value] of leavesOf(page)) {
        if (++count > MOST_ENTRIES) throw new RangeError('too many entries');
        yield [key.toString('utf8'), value];
      }
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

interface Meta {
  pageSize: number;
  root: number;
  transaction: bigint;
}

function readMeta(page: Buffer): Meta | undefined {
  if (page.length < PAGE_HEAD + META_SIZE) return undefined;
  const meta = page.subarray(PAGE_HEAD);
  if (meta.readUInt32LE(0) !== MAGIC || meta.readUInt32LE(4) !== VERSION) return undefined;
  if (meta.readBigUInt64LE(56) !== fnv(meta.subarray(0, 56))) return undefined;
  const pageSize = meta.readUInt32LE(8);
  if (pageSize < 512 || pageSize > 65_536) return undefined;
  return { pageSize, root: Number(meta.readBigUInt64LE(16)), transaction: meta.readBigUInt64LE(48) };
}

/** FNV-1a of 64 bits: what Bolt guards its heads with. */
function fnv(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

function branchesOf(page: Buffer): { key: Buffer; child: number }[] {
  return Array.from({ length: page.readUInt16LE(10) }, (_, index) => {
    const at = PAGE_HEAD + 16 * index;
    const start = at + page.readUInt32LE(at);
    return {
      key: page.subarray(start, start + page.readUInt32LE(at + 4)),
      child: Number(page.readBigUInt64LE(at + 8)),
    };
  });
}

/** The child that holds a key: the last one that does not begin behind it. */
function childFor(page: Buffer, key: Buffer): number {
  const branches = branchesOf(page);
  const [first] = branches;
  if (first === undefined) throw new RangeError('a branch without children');
  return (branches.findLast((branch) => Buffer.compare(branch.key, key) <= 0) ?? first).child;
}

function* leavesOf(page: Buffer): Generator<[Buffer, Buffer | BoltBucket]> {
  if (page.readUInt16LE(8) !== LEAF) throw new RangeError('a page that is no leaf');
  const count = page.readUInt16LE(10);
  for (let index = 0; index < count; index++) {
    const at = PAGE_HEAD + LEAF_HEAD * index;
    const start = at + page.readUInt32LE(at + 4);
    const middle = start + page.readUInt32LE(at + 8);
    const end = middle + page.readUInt32LE(at + 12);
    if (end > page.length) throw new RangeError('a value beyond its page');
    const value = page.subarray(middle, end);
    yield [page.subarray(start, middle), page.readUInt32LE(at) & IS_BUCKET ? bucketIn(value) : value];
  }
}

function bucketIn(value: Buffer): BoltBucket {
  const root = Number(value.readBigUInt64LE(0));
  return { root, inline: root === 0 ? value.subarray(16) : undefined };
}
