import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LiveReading } from './read-live.ts';

/* Written and read by us alone, readable by the owner alone: the outline is enough to tell a damaged file. */
const Snapshot = z.object({
  objects: z.array(z.looseObject({ kind: z.string(), name: z.string() })),
  clusters: z.array(z.object({ name: z.string(), unread: z.array(z.string()), unreadResources: z.array(z.string()) })),
  unknowns: z.array(z.looseObject({ code: z.string() })),
});

/** Folder of the state folder with what followed clusters hold now. */
export function snapshotFolder(state: string): string {
  return join(state, 'clusters');
}

/** Keeps what a cluster holds now for readings of other threads, in place of what was kept before. */
export async function writeSnapshot(folder: string, context: string, reading: LiveReading): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = fileOf(folder, context);
  await writeFile(`${file}.new`, JSON.stringify(reading), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** What a cluster that is followed held a moment ago; undefined where none is kept. */
export async function readSnapshot(folder: string, context: string): Promise<LiveReading | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(fileOf(folder, context), 'utf8'));
    return Snapshot.safeParse(kept).success ? (kept as LiveReading) : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets what was kept: it holds the configuration of clusters. */
export async function removeSnapshots(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

function fileOf(folder: string, context: string): string {
  return join(folder, `${createHash('sha256').update(context).digest('hex').slice(0, 16)}.json`);
}
