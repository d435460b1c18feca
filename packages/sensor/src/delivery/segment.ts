import { type FileHandle, open } from 'node:fs/promises';
import { HEADER, isWhole, type RecordHead, readHead, type SpoolRecord } from './record.ts';

/** A file of records, one after the other. */
export interface Segment {
  path: string;
  /** Of its first record, and of the one after its last. */
  first: number;
  next: number;
  bytes: number;
  /** Events in it, of all records. */
  events: number;
  /** What whole records behind something broken had: their events, and the number after the last of them. */
  hidden?: { next: number; events: number };
}

const NAME = /^(\d{16})\.spool$/;

/** Files sort by name as by sequence. */
export const segmentName = (first: number): string => `${String(first).padStart(16, '0')}.spool`;

/** The sequence that a file begins with; undefined for files that are none of ours. */
export function firstOf(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Looks through a file that was there before, up to what is broken: a sensor that was killed leaves half a record at the
 * end of the last. `thorough` reads what it holds, too, and not only where records begin.
 */
export async function surveySegment(path: string, first: number, thorough: boolean): Promise<Segment> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const found: Segment = { path, first, next: first, bytes: 0, events: 0 };
    for (;;) {
      const read = await readAt(file, found.bytes, size, thorough);
      if (read === undefined || read.head.sequence !== found.next) {
        const hidden = thorough ? await findHidden(file, found, size) : undefined;
        return { ...found, ...(hidden && { hidden }) };
      }
      found.bytes += HEADER + read.head.length;
      found.events += read.head.events;
      found.next += 1;
    }
  } finally {
    await file.close();
  }
}

/** Looks behind what is broken for whole records with later numbers, which somebody may have got already. */
async function findHidden(file: FileHandle, { bytes: from, next }: Segment, size: number): Promise<Segment['hidden']> {
  const rest = size > from ? await readBytes(file, from, Math.min(size - from, LARGEST_REST)) : undefined;
  let hidden: Segment['hidden'];
  for (let at = rest?.indexOf(MAGIC) ?? -1; rest !== undefined && at >= 0; at = rest.indexOf(MAGIC, at + 1)) {
    const head = readHead(rest.subarray(at));
    const end = at + HEADER + (head?.length ?? 0);
    if (head === undefined || end > rest.length || head.sequence < (hidden?.next ?? next)) continue;
    if (isWhole(rest.subarray(at, end), head))
      hidden = { next: head.sequence + 1, events: (hidden?.events ?? 0) + head.events };
  }
  return hidden;
}

const MAGIC = Buffer.from('BWS1');
/** Bytes that are looked through. */
const LARGEST_REST = 64 * 1024 * 1024;

/** The record at a place; undefined where there is no whole one. */
export async function readRecord(file: FileHandle, at: number, end: number): Promise<SpoolRecord | undefined> {
  const read = await readAt(file, at, end, true);
  if (read?.payload === undefined) return undefined;
  return { sequence: read.head.sequence, events: read.head.events, payload: read.payload };
}

async function readAt(
  file: FileHandle,
  at: number,
  end: number,
  whole: boolean,
): Promise<{ head: RecordHead; payload?: Buffer } | undefined> {
  const start = await readBytes(file, at, HEADER);
  const head = start && readHead(start);
  if (head === undefined || at + HEADER + head.length > end) return undefined;
  if (!whole) return { head };
  const bytes = await readBytes(file, at, HEADER + head.length);
  return bytes !== undefined && isWhole(bytes, head) ? { head, payload: bytes.subarray(HEADER) } : undefined;
}

async function readBytes(file: FileHandle, at: number, length: number): Promise<Buffer | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return bytesRead === length ? buffer : undefined;
}
