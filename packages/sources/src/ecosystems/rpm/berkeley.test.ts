import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleHeader } from './example-database.ts';
import { readDatabase } from './read-database.ts';

const PAGE = 512;
const header = exampleHeader({ 1000: 'bash', 1001: '4.2', 1002: '1', 1014: 'GPLv3+' });
const long = exampleHeader({ 1000: 'glibc', 1001: '2.17', 1002: '1', 1014: 'x'.repeat(2000) });

interface Shape {
  kind: 'hash' | 'btree';
  little: boolean;
}

/** Writes pages as Berkeley DB does: a page of meta data, one of entries, and those of long values. */
class Writer {
  readonly #pages: Buffer[] = [];
  readonly #shape: Shape;

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  database(entries: [key: number, value: Buffer, deleted?: boolean][]): Buffer {
    const { kind } = this.#shape;
    const meta = this.#page(kind === 'hash' ? 8 : 9);
    const page = this.#page(kind === 'hash' ? 13 : 5);
    let end = PAGE;
    const items = entries.flatMap(([key, value, deleted]) => [
      this.#item(this.#number(key), deleted),
      this.#item(value, deleted),
    ]);
    for (const [index, item] of items.entries()) {
      end -= item.length;
      item.copy(page, end);
      this.#set16(page, 26 + index * 2, end);
    }
    this.#set16(page, 20, items.length);
    this.#set32(meta, 12, kind === 'hash' ? 0x061561 : 0x053162);
    this.#set32(meta, 20, PAGE);
    this.#set32(meta, 32, this.#pages.length - 1);
    this.#set32(meta, 88, kind === 'hash' ? entries.length : 0);
    return Buffer.concat(this.#pages);
  }

  #item(value: Buffer, deleted = false): Buffer {
    const type = deleted ? 0x80 : 0;
    if (value.length <= 100) {
      if (this.#shape.kind === 'hash') return Buffer.concat([Buffer.from([type | 1]), value]);
      const start = Buffer.alloc(3);
      this.#set16(start, 0, value.length);
      start[2] = type | 1;
      return Buffer.concat([start, value]);
    }
    const item = Buffer.alloc(12);
    item[this.#shape.kind === 'hash' ? 0 : 2] = type | 3;
    this.#set32(item, 4, this.#pages.length);
    this.#set32(item, 8, value.length);
    for (let at = 0; at < value.length; at += PAGE - 26) {
      const page = this.#page(7);
      const size = value.copy(page, 26, at, Math.min(at + PAGE - 26, value.length));
      this.#set16(page, 22, size);
      if (at + size < value.length) this.#set32(page, 16, this.#pages.length);
    }
    return item;
  }

  #page(type: number): Buffer {
    const page = Buffer.alloc(PAGE);
    page[25] = type;
    this.#pages.push(page);
    return page;
  }

  #number(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    this.#set32(bytes, 0, value);
    return bytes;
  }

  #set16 = (bytes: Buffer, at: number, value: number): number =>
    this.#shape.little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);

  #set32 = (bytes: Buffer, at: number, value: number): number =>
    this.#shape.little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
}

const shapes: Shape[] = [
  { kind: 'hash', little: true },
  { kind: 'hash', little: false },
  { kind: 'btree', little: true },
  { kind: 'btree', little: false },
];
const counter = Buffer.alloc(4, 7);

describe.each(shapes)('readDatabase of a Berkeley DB $kind (little-endian: $little)', (shape) => {
  const write = (...entries: [number, Buffer, boolean?][]): Buffer => new Writer(shape).database(entries);

  it('reads headers, whatever their length, and leaves the counter out', () => {
    const { headers, damage } = readDatabase(write([0, counter], [1, header], [2, long]), undefined);
    expect(damage).toBeUndefined();
    expect(headers).toEqual([header, long]);
  });

  it.each([
    ['a file that was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - PAGE)],
    [
      'a long value whose next page is of another kind',
      (bytes: Buffer) => bytes.fill(13, 3 * PAGE + 25, 3 * PAGE + 26),
    ],
    ['an entry of no known kind or length', (bytes: Buffer) => bytes.fill(255, 2 * PAGE - 30, 2 * PAGE - 4)],
    ['a first page that is none', (bytes: Buffer) => bytes.fill(0, 25, 26)],
    ['an encrypted file', (bytes: Buffer) => bytes.fill(1, 24, 25)],
    ['pages of no possible size', (bytes: Buffer) => bytes.fill(255, 20, 24)],
  ])('says of %s that it is damaged', (_, change) => {
    const { headers, damage } = readDatabase(change(write([1, long])), undefined);
    expect(headers).toEqual([]);
    expect(damage).toBeDefined();
  });

  it('never throws, whatever is changed in it', () => {
    const whole = write([0, counter], [1, header], [2, long]);
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of list) if (at < 12 || at > 16) bytes[at] = value;
        const { headers } = readDatabase(bytes, undefined);
        expect(headers.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('readDatabase of a Berkeley DB', () => {
  it('leaves out what a b-tree has deleted', () => {
    const bytes = new Writer({ kind: 'btree', little: true }).database([
      [1, header, true],
      [2, long],
    ]);
    expect(readDatabase(bytes, undefined).headers).toEqual([long]);
  });

  it('says of pages that no entry leads to that something is missing', () => {
    const bytes = new Writer({ kind: 'btree', little: true }).database([[1, long]]);
    bytes.writeUInt16LE(0, PAGE + 20);
    const { headers, damage } = readDatabase(bytes, undefined);
    expect(headers).toEqual([]);
    expect(damage).toMatch(/of its pages belong to no entry$/);
  });

  it('says of a hash with fewer entries than it states that some are missing', () => {
    const bytes = new Writer({ kind: 'hash', little: true }).database([[1, header]]);
    bytes.writeUInt32LE(9, 88);
    const { headers, damage } = readDatabase(bytes, undefined);
    expect(headers).toEqual([header]);
    expect(damage).toBe('it has 9 entries, of which 1 are there');
  });
});
