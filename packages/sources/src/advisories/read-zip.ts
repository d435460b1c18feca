import { type FileHandle, open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { LONGEST_LINE } from './read-lines.ts';

/** An entry of a zip archive; `problem` says why it could not be read. */
export interface ZipEntry {
  name: string;
  content?: Buffer;
  problem?: string;
}

const LARGEST_DIRECTORY = 512 * 1024 * 1024;
// Advisories shrink to a tenth or so; an archive that grows a hundredfold is a bomb.
const FREE_TOTAL = 256 * 1024 * 1024;
const LARGEST_RATIO = 100;
const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;

/**
 * Reads the entries of a zip file one by one (APPNOTE 6.3, with zip64), without unpacking it anywhere. Each entry is
 * bounded while it is inflated, whatever its header claims, and so is their sum. Yields one entry without a name when
 * the archive itself cannot be read.
 */
export async function* readZip(path: string): AsyncGenerator<ZipEntry> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const directory = await readDirectory(file, size);
    if (directory === undefined) {
      yield { name: '', problem: 'its central directory is missing or damaged: the archive may be cut off' };
      return;
    }
    let total = 0;
    for (const header of entryHeaders(directory)) {
      if (header.name.endsWith('/')) continue;
      if (total > FREE_TOTAL + LARGEST_RATIO * size) {
        yield { name: header.name, problem: 'the archive unpacks to over 100 times its size: the rest is left out' };
        return;
      }
      const entry = await readEntry(file, size, header);
      total += entry.content?.length ?? 0;
      yield entry;
    }
  } finally {
    await file.close();
  }
}

interface EntryHeader {
  name: string;
  method: number;
  encrypted: boolean;
  packed: number;
  offset: number;
}

async function readDirectory(file: FileHandle, size: number): Promise<Buffer | undefined> {
  const tailStart = Math.max(0, size - 22 - 65_535);
  const tail = await readAt(file, tailStart, size - tailStart);
  if (tail === undefined) return undefined;
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_OF_DIRECTORY) continue;
    let length = tail.readUInt32LE(at + 12);
    let offset = tail.readUInt32LE(at + 16);
    if (at >= 20 && tail.readUInt32LE(at - 20) === LOCATOR_64) {
      const end64 = await readAt(file, Number(tail.readBigUInt64LE(at - 12)), 56);
      if (end64?.readUInt32LE(0) !== END_OF_DIRECTORY_64) return undefined;
      length = Number(end64.readBigUInt64LE(40));
      offset = Number(end64.readBigUInt64LE(48));
    }
    return length > LARGEST_DIRECTORY || offset + length > size ? undefined : readAt(file, offset, length);
  }
  return undefined;
}

function* entryHeaders(directory: Buffer): Generator<EntryHeader> {
  let at = 0;
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50) {
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    yield {
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      ...wideSizes(directory, at, extra),
    };
    at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
}

/** Sizes and offset, from the zip64 extra field where the header has no room for them. */
function wideSizes(directory: Buffer, at: number, extra: Buffer): { packed: number; offset: number } {
  const sizes = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue;
    let value = field + 4;
    for (let index = 0; index < sizes.length; index++) {
      if (sizes[index] !== 0xffffffff || value + 8 > extra.length) continue;
      sizes[index] = Number(extra.readBigUInt64LE(value));
      value += 8;
    }
  }
  return { packed: sizes[1]!, offset: sizes[2]! };
}

async function readEntry(file: FileHandle, size: number, header: EntryHeader): Promise<ZipEntry> {
  const { name, method, packed, offset } = header;
  if (header.encrypted) return { name, problem: 'it is encrypted' };
  if (packed > LONGEST_LINE) return { name, problem: 'it is larger than 32 MiB' };
  const local = await readAt(file, offset, 30);
  if (local?.readUInt32LE(0) !== 0x04034b50) return { name, problem: 'its header is damaged' };
  const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const bytes = start + packed > size ? undefined : await readAt(file, start, packed);
  if (bytes === undefined) return { name, problem: 'it is cut off' };
  if (method === 0) return { name, content: bytes };
  if (method !== 8) return { name, problem: `its compression method ${method} is not known` };
  try {
    return { name, content: inflateRawSync(bytes, { maxOutputLength: LONGEST_LINE }) };
  } catch (error) {
    const tooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return { name, problem: tooLarge ? 'it unpacks to more than 32 MiB' : 'it cannot be inflated' };
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  if (!Number.isSafeInteger(position) || position < 0) return undefined;
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return buffer;
}
