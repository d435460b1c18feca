import { constants, inflateRawSync } from 'node:zlib';
import { ByteView } from '../executables/byte-view.ts';

/** How content is packed. */
export interface Packing {
  /** 0: stored, 8: deflated. */
  method: number;
  encrypted: boolean;
  /** Bytes unpacked, as claimed. */
  size: number;
}

/** A file in a zip, as the central directory tells of it. */
export interface ZipEntry extends Packing {
  name: string;
  /** Bytes in the archive. */
  packedSize: number;
  /** Where its local header begins. */
  start: number;
}

/** Tells by its name, which lies between two places of the directory, whether an entry is listed. Asked of every entry. */
export type KeepsName = (bytes: Buffer, start: number, end: number) => boolean;

export interface ZipArchive {
  entries: ZipEntry[];
  /** What is wrong with the directory: files may be missing. */
  faults: string[];
  view: ByteView;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_COMMENT = 65_535;
const MOST_ENTRIES = 200_000;
const EXTRA_64 = 1;
const LIE_32 = 0xffffffff;

/**
 * The directory of a zip archive (PKWARE's APPNOTE 4.3.12 to 4.3.16, Zip64 included), also where something else was
 * put before it, as launchers of executable jars are. Undefined where there is none. Names are only names: nothing is
 * unpacked to a disk.
 */
export function readZip(bytes: Buffer, keeps: KeepsName = () => true): ZipArchive | undefined {
  const view = new ByteView(bytes, true);
  const end = findEnd(bytes, view);
  if (end === undefined) return undefined;
  let [count, size, start] = [view.u16(end + 10), view.u32(end + 12), view.u32(end + 16)];
  let directoryEnd = end;
  if (view.u32(end - 20) === LOCATOR_64 && (count === 0xffff || size === LIE_32 || start === LIE_32)) {
    const claimed = view.u64(end - 12);
    const record = view.u32(claimed) === END_64 ? claimed : end - 76;
    if (view.u32(record) !== END_64) return { entries: [], faults: ['its Zip64 record is missing'], view };
    [count, size, start] = [view.u64(record + 32), view.u64(record + 40), view.u64(record + 48)];
    directoryEnd = record;
  }
  // What stands before the archive moves everything by as much.
  const shift = Math.max(0, directoryEnd - size - start);
  return readDirectory(view, start + shift, count, shift, keeps);
}

function findEnd(bytes: Buffer, view: ByteView): number | undefined {
  const lowest = Math.max(0, bytes.length - 22 - LONGEST_COMMENT);
  for (let at = bytes.length - 22; at >= lowest; at--) {
    if (bytes[at] === 0x50 && view.u32(at) === END && at + 22 + view.u16(at + 20) <= bytes.length) return at;
  }
  return undefined;
}

function readDirectory(view: ByteView, start: number, count: number, shift: number, keeps: KeepsName): ZipArchive {
  const entries: ZipEntry[] = [];
  const faults: string[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (view.u32(at) !== CENTRAL || index === MOST_ENTRIES) {
      faults.push(`${count - index} of its ${count} entries could not be read`);
      break;
    }
    const nameEnd = at + 46 + view.u16(at + 28);
    const extraLength = view.u16(at + 30);
    if (keeps(view.bytes, at + 46, nameEnd)) {
      const entry = readEntry(view, at, nameEnd, extraLength);
      entry.start += shift;
      entries.push(entry);
    }
    at = nameEnd + extraLength + view.u16(at + 32);
  }
  if (faults.length === 0 && view.u32(at) === CENTRAL)
    faults.push('its directory goes on behind the last of its entries');
  return { entries, faults, view };
}

function readEntry(view: ByteView, at: number, nameEnd: number, extraLength: number): ZipEntry {
  const entry: ZipEntry = {
    name: view.bytes.toString('utf8', at + 46, nameEnd),
    method: view.u16(at + 10),
    encrypted: (view.u16(at + 8) & 1) !== 0,
    packedSize: view.u32(at + 20),
    size: view.u32(at + 24),
    start: view.u32(at + 42),
  };
  widen(entry, view, nameEnd, extraLength);
  return entry;
}

/** Sizes that 32 bits do not hold stand in an extra field, those and only those, in this order (4.5.3). */
function widen(entry: ZipEntry, view: ByteView, start: number, length: number): void {
  for (let at = start; at + 4 <= start + length; at += 4 + view.u16(at + 2)) {
    if (view.u16(at) !== EXTRA_64) continue;
    let field = at + 4;
    for (const key of ['size', 'packedSize', 'start'] as const) {
      if (entry[key] !== LIE_32) continue;
      entry[key] = view.u64(field);
      field += 8;
    }
  }
}

/** Content, or why there is none, in words that follow "was not read: ". */
export type Unpacked = { content: Buffer } | { fault: string };

/** The content of an entry, of at most so many bytes whatever it claims. Stored content is part of the archive's bytes. */
export function unpack(archive: ZipArchive, entry: ZipEntry, largest: number): Unpacked {
  const packed = packedBytes(archive, entry);
  return 'fault' in packed ? packed : inflate(packed.content, entry, largest);
}

/**
 * The beginning of an entry, of at most so many bytes: of long texts whose first lines are all that is asked for. What
 * is damaged behind it does not matter.
 */
export function unpackStart(archive: ZipArchive, entry: ZipEntry, largest: number): Unpacked {
  const packed = packedBytes(archive, entry);
  return 'fault' in packed ? packed : inflateStart(packed.content, entry, largest);
}

function packedBytes({ view }: ZipArchive, { start: header, packedSize }: ZipEntry): Unpacked {
  if (view.u32(header) !== LOCAL) return { fault: 'the directory leads to nothing' };
  const start = header + 30 + view.u16(header + 26) + view.u16(header + 28);
  if (start + packedSize > view.bytes.length) return { fault: 'it reaches beyond the archive' };
  return { content: view.bytes.subarray(start, start + packedSize) };
}

/** Unpacks content, of at most so many bytes whatever is claimed of it. */
export function inflate(packed: Buffer, { method, encrypted, size }: Packing, largest: number): Unpacked {
  if (encrypted) return { fault: 'it is encrypted' };
  if (method === 0) return packed.length > largest ? tooLarge(largest) : { content: packed };
  if (method !== 8) return { fault: `it is compressed by method ${method}` };
  if (size > largest) return tooLarge(largest);
  try {
    // One piece of the claimed size: content in many would lie in memory twice.
    const content = inflateRawSync(packed, { maxOutputLength: Math.max(1, size), chunkSize: size + 64 });
    return content.length === size ? { content } : { fault: 'it is smaller than it claims' };
  } catch {
    return { fault: 'it is damaged, or larger than it claims' };
  }
}

/** Deflated bytes unpack to at most so many times their length. */
const HIGHEST_RATIO = 1032;

/** Unpacks the beginning of content. */
export function inflateStart(packed: Buffer, packing: Packing, largest: number): Unpacked {
  if (packing.method === 0) return inflate(packed.subarray(0, largest), packing, largest);
  if (packing.size <= largest || packing.method !== 8 || packing.encrypted) return inflate(packed, packing, largest);
  const few = Math.max(256, Math.floor(largest / HIGHEST_RATIO));
  for (const length of [largest >> 2, few]) {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: largest, chunkSize: largest };
    try {
      return { content: inflateRawSync(packed.subarray(0, length), options) };
    } catch {
      // More came out than was asked for: less is put in.
    }
  }
  return { fault: 'it is damaged' };
}

function tooLarge(largest: number): Unpacked {
  return { fault: `it is larger than the ${largest} bytes that may be unpacked` };
}
