import { DatabaseDamage, slice, uint8, uint16, uint32 } from './bytes.ts';
import type { HeaderCollector } from './header-collector.ts';

const MAGICS = new Map([
  [0x061561, 'hash'],
  [0x053162, 'btree'],
]);
const META_PAGES: Record<string, number> = { hash: 8, btree: 9 };
const PAGE_HEADER = 26;
const HASH_PAGES = new Set([2, 13]);
const LEAF_PAGE = 5;
const OVERFLOW_PAGE = 7;
const ON_PAGE = 1;
const OFF_PAGE = 3;
const CHECKSUMS = 1;
const DELETED = 0x80;
/** More entries than any database of packages has. */
const MOST_ENTRIES = 200_000;

/** What the first page tells. */
interface Meta {
  little: boolean;
  kind: string;
  pageSize: number;
  /** Pages of long values that an entry led to. */
  read: Set<number>;
}

/** A value: on its page, or the first of the pages that hold it. */
type Value = Buffer | { page: number; length: number };

/**
 * Reads the headers of `Packages`, a Berkeley DB hash or b-tree as rpm had it before 4.16 (dbinc/db_page.h). Pages are
 * read one after the other: where a key is filed does not matter. Either order of bytes, that of the machine which
 * wrote it. Throws `DatabaseDamage` where it is none.
 */
export function readBerkeley(file: Buffer, into: HeaderCollector): void {
  const meta = readMeta(file);
  const { little, kind, pageSize } = meta;
  const last = uint32(file, 32, little);
  const there = Math.floor(file.length / pageSize);
  if (there < last + 1) into.attempt(() => slice(file, 0, (last + 1) * pageSize));
  let found = 0;
  for (let number = 1; number < there; number++) {
    const page = slice(file, number * pageSize, pageSize);
    const type = uint8(page, 25);
    if (kind === 'hash' ? !HASH_PAGES.has(type) : type !== LEAF_PAGE) continue;
    const entries = uint16(page, 20, little);
    for (let entry = 0; entry + 1 < entries; entry += 2) {
      found += 1;
      if (found > MOST_ENTRIES) throw new DatabaseDamage(`it has more than ${MOST_ENTRIES} entries`);
      into.attempt(() => takePair(file, page, entry, meta, into));
    }
  }
  noteLosses(file, found, meta, into);
}

/**
 * Notes what entries must have led to and did not: Berkeley DB clears the pages of what is deleted, and counts the
 * entries of a hash.
 */
function noteLosses(file: Buffer, found: number, { little, kind, pageSize, read }: Meta, into: HeaderCollector): void {
  let lost = 0;
  for (let number = 1; (number + 1) * pageSize <= file.length; number++) {
    if (uint8(file, number * pageSize + 25) === OVERFLOW_PAGE && !read.has(number)) lost += 1;
  }
  if (lost > 0) into.note(new DatabaseDamage(`${lost} of its pages belong to no entry`));
  const stated = kind === 'hash' ? uint32(file, 88, little) : 0;
  if (found < stated) into.note(new DatabaseDamage(`it has ${stated} entries, of which ${found} are there`));
}

/** Whether a file begins as a Berkeley DB does. */
export function isBerkeley(file: Buffer): boolean {
  return file.length >= 72 && (MAGICS.has(file.readUInt32LE(12)) || MAGICS.has(file.readUInt32BE(12)));
}

function readMeta(file: Buffer): Meta {
  const little = MAGICS.has(uint32(file, 12, true));
  const kind = MAGICS.get(uint32(file, 12, little)) ?? '';
  const pageSize = uint32(file, 20, little);
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new DatabaseDamage('its size of pages is impossible');
  }
  if (uint8(file, 25) !== META_PAGES[kind]) throw new DatabaseDamage('its first page is no page of meta data');
  if (uint8(file, 24) !== 0) throw new DatabaseDamage('it is encrypted');
  if ((uint8(file, 26) & CHECKSUMS) !== 0)
    throw new DatabaseDamage('it has pages with checksums, which rpm never wrote');
  return { little, kind, pageSize, read: new Set() };
}

/** Key 0 is a counter of four bytes; every other key is the number of a package. */
function takePair(file: Buffer, page: Buffer, entry: number, meta: Meta, into: HeaderCollector): void {
  const read = meta.kind === 'hash' ? hashValue : leafValue;
  const key = read(page, entry, meta);
  const value = read(page, entry + 1, meta);
  if (key === undefined || value === undefined) return;
  const header = Buffer.isBuffer(value) ? value : readOverflow(file, value, meta, into.left);
  const isCounter = header.length === 4 && Buffer.isBuffer(key) && key.every((byte) => byte === 0);
  if (!isCounter) into.take(header);
}

/** An item of a hash page ends where the one before it begins. */
function hashValue(page: Buffer, index: number, { little, pageSize }: Meta): Value {
  const start = uint16(page, PAGE_HEADER + index * 2, little);
  const end = index === 0 ? pageSize : uint16(page, PAGE_HEADER + (index - 1) * 2, little);
  const type = uint8(page, start);
  if (type === ON_PAGE) return slice(page, start + 1, end - start - 1);
  if (type === OFF_PAGE) return { page: uint32(page, start + 4, little), length: uint32(page, start + 8, little) };
  throw new DatabaseDamage('an entry is of no known type');
}

/** An item of a leaf states its length; undefined where it is deleted. */
function leafValue(page: Buffer, index: number, { little }: Meta): Value | undefined {
  const start = uint16(page, PAGE_HEADER + index * 2, little);
  const type = uint8(page, start + 2);
  if (type === (ON_PAGE | DELETED) || type === (OFF_PAGE | DELETED)) return undefined;
  if (type === ON_PAGE) return slice(page, start + 3, uint16(page, start, little));
  if (type === OFF_PAGE) return { page: uint32(page, start + 4, little), length: uint32(page, start + 8, little) };
  throw new DatabaseDamage('an entry is of no known type');
}

/** Puts a value together that is larger than a page. */
function readOverflow(
  file: Buffer,
  { page: first, length }: { page: number; length: number },
  { little, pageSize, read }: Meta,
  most: number,
): Buffer {
  if (length > most) throw new DatabaseDamage('an entry is larger than the file');
  const parts: Buffer[] = [];
  let number = first;
  for (let left = length; left > 0; ) {
    const page = slice(file, number * pageSize, pageSize);
    const size = uint16(page, 22, little);
    if (uint8(page, 25) !== OVERFLOW_PAGE || size === 0 || size > left) {
      throw new DatabaseDamage(`page ${number} does not continue an entry`);
    }
    parts.push(slice(page, PAGE_HEADER, size));
    read.add(number);
    left -= size;
    number = uint32(page, 16, little);
  }
  return Buffer.concat(parts);
}
