import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const LARGEST = 1024 * 1024;
const METADATA = /^(?:EGG-INFO\/PKG-INFO|[^/]+\.dist-info\/METADATA)$/;

/** Metadata inside of an egg or a wheel, which are zip archives; undefined where there is none that can be read. */
export function readArchiveMetadata(archive: Buffer): string | undefined {
  try {
    const entry = findEntry(archive);
    return entry === undefined ? undefined : readEntry(archive, entry);
  } catch {
    // Offsets that lead out of the archive, data that does not inflate or that is too large.
    return undefined;
  }
}

interface ArchiveEntry {
  method: number;
  length: number;
  offset: number;
}

function findEntry(archive: Buffer): ArchiveEntry | undefined {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const isEnd = end >= archive.length - END_LENGTH - LONGEST_COMMENT && end >= 0;
  if (!isEnd || archive.readUInt32LE(end) !== END_OF_DIRECTORY) return undefined;
  let at = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(at) === ENTRY) {
    const nameLength = archive.readUInt16LE(at + 28);
    if (METADATA.test(archive.toString('utf8', at + 46, at + 46 + nameLength))) {
      const [method, length] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
      return { method, length, offset: archive.readUInt32LE(at + 42) };
    }
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return undefined;
}

function readEntry(archive: Buffer, { method, length, offset }: ArchiveEntry): string | undefined {
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const data = archive.subarray(start, start + length);
  if (method === 0) return data.length > LARGEST ? undefined : data.toString('utf8');
  return method === 8 ? inflateRawSync(data, { maxOutputLength: LARGEST }).toString('utf8') : undefined;
}
