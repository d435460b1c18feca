import { createHash } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '@breakwater/model';
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

/** A file of two lines: the digest of the second, and the snapshot. */
export function packSnapshot(snapshot: Snapshot): { text: string; version: string } {
  const body = JSON.stringify(snapshot);
  const digest = createHash('sha256').update(body).digest('hex');
  return { text: `sha256:${digest}\n${body}\n`, version: digest.slice(0, 12) };
}

/** Reads what `packSnapshot` wrote. Throws UserError where it is damaged, of another shape or too large. */
export function unpackSnapshot(text: string, source: string): ReadSnapshot {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1).trimEnd();
  const digest = createHash('sha256').update(body).digest('hex');
  if (end < 0 || text.slice(0, end) !== `sha256:${digest}`)
    throw damaged(source, 'its digest is not that of its content');
  const parsed = Snapshot.safeParse(JSON.parse(body));
  if (!parsed.success) throw damaged(source, parsed.error.issues[0]?.message ?? 'it has another shape');
  return { snapshot: parsed.data, version: digest.slice(0, 12) };
}

/**
 * Writes a snapshot in place of the one before, which is kept beside it: a reader sees the old one or the new one, and
 * after a loss of power at least one of them is whole. Throws UserError for one that is too large.
 */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<string> {
  const { text, version } = packSnapshot(snapshot);
  if (Buffer.byteLength(text) > MAX_SNAPSHOT_BYTES) {
    throw new UserError(`The snapshot for admission is larger than ${MAX_SNAPSHOT_BYTES} bytes.`, {
      code: 'snapshot-too-large',
      hint: 'Leave out kinds of objects that no policy asks for, or images that nobody runs.',
    });
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    await writeThrough(draft, text);
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
  let text: string;
  try {
    if ((await stat(path)).size > MAX_SNAPSHOT_BYTES) throw damaged(path, 'it is too large');
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return unpackSnapshot(text, path);
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
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
