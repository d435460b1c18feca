import { createHash, type Hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Entries looked at: beyond them a change goes unnoticed until somebody asks for a reading. */
const MOST_ENTRIES = 200_000;
const SKIPPED = new Set(['.git', 'node_modules']);

/** A digest of names, sizes and times of the files below some paths: it changes when what is read may have changed. */
export async function inputSignature(paths: string[]): Promise<string> {
  const hash = createHash('sha256');
  const budget = { left: MOST_ENTRIES };
  for (const path of paths) await addPath(path, hash, budget);
  return hash.digest('hex');
}

async function addPath(path: string, hash: Hash, budget: { left: number }): Promise<void> {
  budget.left -= 1;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) {
    hash.update(`${path}\0${found?.size ?? 'gone'}\0${found?.mtimeMs ?? ''}\0`);
    return;
  }
  const entries: Dirent[] = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (budget.left <= 0) return;
    if (!entry.isSymbolicLink() && !SKIPPED.has(entry.name)) await addPath(join(path, entry.name), hash, budget);
  }
}
