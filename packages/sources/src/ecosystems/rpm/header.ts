import { DatabaseDamage, slice, uint16, uint32 } from './bytes.ts';

/** What the header of an installed package says; absent where it has no such tag. */
export interface RpmHeader {
  name: string | undefined;
  epoch: number | undefined;
  version: string | undefined;
  release: string | undefined;
  architecture: string | undefined;
  /** File name of the source package: `openssl-3.0.7-27.el9.src.rpm`. */
  sourceRpm: string | undefined;
  vendor: string | undefined;
  licence: string | undefined;
  /** `nodejs:18:8090020231013:rhel9`. */
  modularityLabel: string | undefined;
  /** All paths, without a leading slash. Throws `DatabaseDamage` where the lists do not fit together. */
  paths(): Generator<string>;
}

/** Tags of rpm, include/rpm/rpmtag.h. */
const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  licence: 1014,
  architecture: 1022,
  sourceRpm: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  modularityLabel: 5096,
} as const;
const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));
const INTEGER_16 = 3;
const INTEGER_32 = 4;
const STRINGS = new Set([6, 8, 9]);
const PROLOGUE = 8;
const ENTRY = 16;
const LONGEST_TEXT = 1024;
const LONGEST_PATH = 4096;
/** More files than any package has. */
const MOST_VALUES = 1_000_000;

/** An entry of the index: where the values of a tag are. */
interface Entry {
  type: number;
  offset: number;
  count: number;
}

/**
 * Reads a header as databases hold it: two numbers, an index of 16 bytes an entry, then the data (rpm, docs/manual/
 * format_header.md; numbers have the highest byte first). Where a tag is there twice the later one counts, as for rpm.
 * Throws `DatabaseDamage` where it does not fit together.
 */
export function parseHeader(blob: Buffer): RpmHeader {
  const entries = uint32(blob, 0);
  const data = slice(blob, PROLOGUE + entries * ENTRY, uint32(blob, 4));
  const index = new Map<number, Entry>();
  for (let at = PROLOGUE; at < PROLOGUE + entries * ENTRY; at += ENTRY) {
    const tag = uint32(blob, at);
    if (!WANTED.has(tag)) continue;
    const count = uint32(blob, at + 12);
    if (count > MOST_VALUES) throw new DatabaseDamage('a header has a list without end');
    index.set(tag, { type: uint32(blob, at + 4), offset: uint32(blob, at + 8), count });
  }
  const text = (tag: number): string | undefined => textAt(data, index.get(tag));
  return {
    name: text(TAG.name),
    epoch: integersAt(data, index.get(TAG.epoch))[0],
    version: text(TAG.version),
    release: text(TAG.release),
    architecture: text(TAG.architecture),
    sourceRpm: text(TAG.sourceRpm),
    vendor: text(TAG.vendor),
    licence: text(TAG.licence),
    modularityLabel: text(TAG.modularityLabel),
    paths: () => pathsOf(data, index),
  };
}

function* pathsOf(data: Buffer, index: Map<number, Entry>): Generator<string> {
  const names = stringsAt(data, index.get(TAG.baseNames));
  const folders = stringsAt(data, index.get(TAG.directoryNames));
  const indexes = integersAt(data, index.get(TAG.directoryIndexes));
  if (names.length !== indexes.length) throw new DatabaseDamage('a list of files has no folders');
  for (const [at, name] of names.entries()) {
    const folder = folders[indexes[at]!];
    if (folder === undefined || folder.length + name.length > LONGEST_PATH) {
      throw new DatabaseDamage('a list of files has a path that cannot be');
    }
    yield `${folder}${name}`.replace(/^\/+/, '');
  }
}

/** The first string of a tag; nothing where it is empty or longer than such texts are. */
function textAt(data: Buffer, entry: Entry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  if (!STRINGS.has(entry.type)) throw new DatabaseDamage('a header has a text that is none');
  const end = endOfString(data, entry.offset);
  return end === entry.offset || end - entry.offset > LONGEST_TEXT
    ? undefined
    : data.toString('utf8', entry.offset, end);
}

function stringsAt(data: Buffer, entry: Entry | undefined): string[] {
  if (entry === undefined) return [];
  if (!STRINGS.has(entry.type)) throw new DatabaseDamage('a header has a text that is none');
  const strings: string[] = [];
  for (let at = entry.offset; strings.length < entry.count; ) {
    const end = endOfString(data, at);
    strings.push(data.toString('utf8', at, end));
    at = end + 1;
  }
  return strings;
}

function endOfString(data: Buffer, start: number): number {
  const end = start < data.length ? data.indexOf(0, start) : -1;
  if (end === -1) throw new DatabaseDamage('a header has a text without an end');
  return end;
}

function integersAt(data: Buffer, entry: Entry | undefined): number[] {
  if (entry === undefined) return [];
  const size = entry.type === INTEGER_32 ? 4 : 2;
  if (entry.type !== INTEGER_32 && entry.type !== INTEGER_16) {
    throw new DatabaseDamage('a header has a number that is none');
  }
  const values = slice(data, entry.offset, entry.count * size);
  return Array.from({ length: entry.count }, (_, at) => (size === 4 ? uint32(values, at * 4) : uint16(values, at * 2)));
}
