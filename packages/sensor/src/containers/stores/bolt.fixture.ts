/** What a bucket holds: texts, and further buckets. */
export interface BucketContent {
  [key: string]: string | BucketContent;
}

const PAGE = 4096;
const MASK = (1n << 64n) - 1n;

/**
 * A Bolt file as bbolt writes it (page.go, bucket.go): two heads, a free list, and a tree whose root bucket's own buckets
 * lie in pages of their own where `isSpread`, and within the page above otherwise.
 */
export function boltFile(content: BucketContent, isSpread = false): Buffer {
  const pages: Buffer[] = [Buffer.alloc(0), Buffer.alloc(0), pageOf(2, 0x10, Buffer.alloc(0), 0)];
  const addLeaf = (entries: [string, Buffer, boolean][]): number => {
    const id = pages.length;
    const leaf = leafOf(entries);
    pages.push(pageOf(id, 2, leaf, entries.length));
    for (let rest = PAGE; rest < leaf.length + 16; rest += PAGE) pages.push(Buffer.alloc(0));
    return id;
  };
  const entriesOf = (bucket: BucketContent, depth: number): [string, Buffer, boolean][] =>
    Object.entries(bucket)
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([key, value]) => {
        if (typeof value === 'string') return [key, Buffer.from(value), false];
        const inner = entriesOf(value, depth + 1);
        const head = Buffer.alloc(16);
        if (isSpread && depth === 0) {
          head.writeBigUInt64LE(BigInt(addTree(inner)), 0);
          return [key, head, true];
        }
        return [key, Buffer.concat([head, inlineOf(inner)]), true];
      });
  /** More than two entries go into two leaves below a branch. */
  const addTree = (entries: [string, Buffer, boolean][]): number => {
    if (entries.length <= 2) return addLeaf(entries);
    const halves = [entries.slice(0, 2), entries.slice(2)];
    const children = halves.map((half) => ({ key: Buffer.from(half[0]![0]), id: addLeaf(half) }));
    const id = pages.length;
    pages.push(pageOf(id, 1, branchOf(children), children.length));
    return id;
  };
  const root = addTree(entriesOf(content, 0));
  pages[0] = metaOf(0, root, BigInt(pages.length), 1n);
  pages[1] = metaOf(1, root, BigInt(pages.length), 2n);
  const file = Buffer.alloc(pages.length * PAGE);
  for (const [id, page] of pages.entries()) page.copy(file, id * PAGE);
  return file;
}

function headOf(id: number, flags: number, count: number, overflow: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeBigUInt64LE(BigInt(id), 0);
  head.writeUInt16LE(flags, 8);
  head.writeUInt16LE(count, 10);
  head.writeUInt32LE(overflow, 12);
  return head;
}

const pageOf = (id: number, flags: number, body: Buffer, count: number): Buffer =>
  Buffer.concat([headOf(id, flags, count, Math.ceil((body.length + 16) / PAGE) - 1), body]);

const inlineOf = (entries: [string, Buffer, boolean][]): Buffer =>
  Buffer.concat([headOf(0, 2, entries.length, 0), leafOf(entries)]);

function leafOf(entries: [string, Buffer, boolean][]): Buffer {
  const heads = Buffer.alloc(16 * entries.length);
  const bodies: Buffer[] = [];
  let at = heads.length;
  for (const [index, [key, value, isBucket]] of entries.entries()) {
    const name = Buffer.from(key);
    heads.writeUInt32LE(isBucket ? 1 : 0, 16 * index);
    heads.writeUInt32LE(at - 16 * index, 16 * index + 4);
    heads.writeUInt32LE(name.length, 16 * index + 8);
    heads.writeUInt32LE(value.length, 16 * index + 12);
    bodies.push(name, value);
    at += name.length + value.length;
  }
  return Buffer.concat([heads, ...bodies]);
}

function branchOf(children: { key: Buffer; id: number }[]): Buffer {
  const heads = Buffer.alloc(16 * children.length);
  let at = heads.length;
  for (const [index, { key, id }] of children.entries()) {
    heads.writeUInt32LE(at - 16 * index, 16 * index);
    heads.writeUInt32LE(key.length, 16 * index + 4);
    heads.writeBigUInt64LE(BigInt(id), 16 * index + 8);
    at += key.length;
  }
  return Buffer.concat([heads, ...children.map(({ key }) => key)]);
}

function metaOf(id: number, root: number, pages: bigint, transaction: bigint): Buffer {
  const meta = Buffer.alloc(64);
  meta.writeUInt32LE(0xed0cdaed, 0);
  meta.writeUInt32LE(2, 4);
  meta.writeUInt32LE(PAGE, 8);
  meta.writeBigUInt64LE(BigInt(root), 16);
  meta.writeBigUInt64LE(2n, 32);
  meta.writeBigUInt64LE(pages, 40);
  meta.writeBigUInt64LE(transaction, 48);
  let hash = 0xcbf29ce484222325n;
  for (const byte of meta.subarray(0, 56)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  meta.writeBigUInt64LE(hash, 56);
  return Buffer.concat([headOf(id, 4, 0, 0), meta]);
}
