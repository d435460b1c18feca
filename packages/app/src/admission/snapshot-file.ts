import { createHash } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '@breakwater/model';
import type { z } from 'zod';
import { Snapshot } from './snapshot.ts';

/** Larger ones are neither written nor read: admission keeps the whole of it in memory. */
export const MAX_SNAPSHOT_BYTES = 256 * 1024 * 1024;

/** A snapshot as it came from a file. */
export interface ReadSnapshot {
  snapshot: Snapshot;
  /** First characters of its digest: two files of one version hold the same. */
  version: string;
}

/** Where admission of a state folder keeps what it needs. */
export const admissionFolder = (state: string): string => join(state, 'admission');

/** Path of the snapshot in a state folder. */
export const snapshotPath = (state: string): string => join(admissionFolder(state), 'snapshot.json');

/** The one before the last, for a file that was damaged. */
const before = (path: string): string => `${path}.before`;

/** Objects and images that stand in one line: a reader then never has the text of all of them beside what it says. */
const LINE_LENGTH = 200;

/**
 * A file of lines: the digest of those that follow; the snapshot without objects and images; and those, some
 * in each line.
 */
export function packSnapshot(snapshot: Snapshot): { bytes: Buffer; version: string } {
  const lines = [
    { ...snapshot, objects: [], images: [] },
    ...chunks('objects', snapshot),
    ...chunks('images', snapshot),
  ];
  const hash = createHash('sha256');
  const parts = lines.map((line) => {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    hash.update(bytes);
    return bytes;
  });
  const digest = hash.digest('hex');
  return { bytes: Buffer.concat([Buffer.from(`sha256:${digest}\n`), ...parts]), version: digest.slice(0, 12) };
}

function* chunks(list: 'objects' | 'images', snapshot: Snapshot): Generator<object> {
  const all = snapshot[list];
  for (let start = 0; start < all.length; start += LINE_LENGTH) {
    yield { [list]: all.slice(start, start + LINE_LENGTH) };
  }
}

const Line = Snapshot.pick({ objects: true, images: true }).partial();

/** Reads what `packSnapshot` wrote. Throws UserError where it is damaged, of another shape or too large. */
export function unpackSnapshot(bytes: Buffer, source: string): ReadSnapshot {
  const end = bytes.indexOf(10);
  const digest = createHash('sha256')
    .update(bytes.subarray(end + 1))
    .digest('hex');
  if (end < 0 || bytes.toString('latin1', 0, end) !== `sha256:${digest}`)
    throw damaged(source, 'its digest is not that of its content');
  const lines = linesOf(bytes, end + 1);
  const snapshot = parsed(Snapshot, lines.next().value ?? '', source);
  for (const line of lines) {
    const { objects = [], images = [] } = parsed(Line, line, source);
    snapshot.objects.push(...objects);
    snapshot.images.push(...images);
  }
  return { snapshot, version: digest.slice(0, 12) };
}

function* linesOf(bytes: Buffer, from: number): Generator<string, undefined> {
  for (let start = from; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

function parsed<T>(shape: z.ZodType<T>, line: string, source: string): T {
  const { data, error } = shape.safeParse(jsonOf(line));
  if (data === undefined) throw damaged(source, error?.issues[0]?.message ?? 'it has another shape');
  return data;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Writes a snapshot in place of the one before, which is kept beside it: a reader sees the old one or the new one, and
 * after a loss of power at least one of them is whole. Throws UserError for one that is too large.
 */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<string> {
  const { bytes, version } = packSnapshot(snapshot);
  if (bytes.length > MAX_SNAPSHOT_BYTES) {
    throw new UserError(`The snapshot for admission is larger than ${MAX_SNAPSHOT_BYTES} bytes.`, {
      code: 'snapshot-too-large',
      hint: 'Leave out kinds of objects that no policy asks for, or images that nobody runs.',
    });
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    await writeThrough(draft, bytes);
    await rm(before(path), { force: true });
    await link(path, before(path)).catch(ignoreAbsent);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return version;
}

/** Reads the snapshot, else the one before it. Undefined where there is none; throws UserError where none is whole. */
export async function readSnapshot(path: string): Promise<ReadSnapshot | undefined> {
  try {
    return await readOne(path);
  } catch (error) {
    const older = await readOne(before(path)).catch(() => undefined);
    if (older === undefined) throw error;
    return older;
  }
}

async function readOne(path: string): Promise<ReadSnapshot | undefined> {
  let bytes: Buffer;
  try {
    if ((await stat(path)).size > MAX_SNAPSHOT_BYTES) throw damaged(path, 'it is too large');
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return unpackSnapshot(bytes, path);
}

async function writeThrough(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function damaged(path: string, why: string): UserError {
  return new UserError(`The snapshot ${path} cannot be used: ${why}.`, {
    code: 'snapshot-damaged',
    hint: 'It is written anew with the next reading of the estate.',
  });
}
