import { TarError } from '../tar/header.ts';
import { TarReader } from '../tar/tar-reader.ts';
import { type ByteRange, readWhole } from './byte-range.ts';
import type { Fault } from './fault.ts';
import { joinLink, normalizePath } from './layer-contents.ts';

/** Where the files of a plain tar lie. */
export interface ArchiveIndex {
  ranges: Map<string, ByteRange>;
  faults: Fault[];
}

/** Headers are read in steps of this; bodies are stepped over. */
const STEP = 16 * 1024;
/** An archive with this many names that no blob has is a root file system. */
const MOST_STRANGERS = 200;
const BLOB_LIKE =
  /^(?:blobs|(?:sha256:)?[0-9a-f]{12,128}|[^/]+\.(?:json|tar|gz|zst)|oci-layout|repositories)(?:\/|\.|$)/;
/** Parts that archives of images have at their top, in any order. */
const MARKS = new Set(['manifest.json', 'index.json', 'oci-layout']);

/**
 * Lists the files of a plain tar by stepping from header to header. Links (older `docker save` writes repeated layers
 * so) become the range of their target. Undefined where the archive is none of an image.
 */
export async function indexArchive(archive: ByteRange): Promise<ArchiveIndex | undefined> {
  const ranges = new Map<string, ByteRange>();
  const links: [path: string, target: string][] = [];
  const faults: Fault[] = [];
  const start = archive.start!;
  let strangers = 0;
  const reader: TarReader = new TarReader((entry) => {
    const path = normalizePath(entry.name);
    if (path === undefined) return undefined;
    if (!BLOB_LIKE.test(path)) strangers += 1;
    const length = Math.max(0, Math.min(entry.size, archive.length - reader.position));
    if (entry.type === 'file')
      ranges.set(path, { descriptor: archive.descriptor, start: start + reader.position, length });
    else if (entry.type === 'hard-link') links.push([path, entry.link]);
    else if (entry.type === 'symbolic-link') links.push([path, joinLink(path, entry.link)]);
    if (entry.size > length)
      faults.push({ code: 'archive-truncated', message: 'The archive ends inside a file', path });
    return undefined;
  });
  try {
    while (reader.position < archive.length && !reader.ended && strangers <= MOST_STRANGERS) {
      const length = Math.min(STEP, archive.length - reader.position);
      const chunk = await readWhole({ descriptor: archive.descriptor, start: start + reader.position, length });
      if (chunk.length === 0) break;
      stepThrough(reader, chunk);
    }
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    faults.push({ code: 'archive-damaged', message: `The archive could not be read to its end: ${cause.message}` });
  }
  for (const [path, target] of links) {
    const range = ranges.get(normalizePath(target) ?? '');
    if (range !== undefined && !ranges.has(path)) ranges.set(path, range);
  }
  return [...MARKS].some((mark) => ranges.has(mark)) ? { ranges, faults } : undefined;
}

/** Pushes a chunk block by block until it is used up, or a body begins that may be passed over. */
function stepThrough(reader: TarReader, chunk: Buffer): void {
  const end = reader.position + chunk.length;
  const start = reader.position;
  while (reader.position < end && !reader.ended) {
    const at = reader.position - start;
    reader.push(chunk.subarray(at, Math.min(chunk.length, at + 512)));
    if (reader.skippable > 0) reader.skip();
  }
}
