import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { firstOf } from './segment.ts';

/** A file that is on the disk and in no folder is gone with the machine, and its numbers would be given again. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name of its own for each spool: numbers begin anew with a new one, and must not be taken for those of the last. */
export async function nameOf(folder: string, hasBatches: boolean): Promise<string> {
  const path = join(folder, 'sensor');
  const known = hasBatches ? (await readFile(path, 'utf8').catch(() => '')).trim() : '';
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/.test(known)) return known;
  const host =
    hostname()
      .replace(/[^A-Za-z0-9.-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'sensor';
  const made = `${host.slice(0, 200)}:${randomBytes(4).toString('hex')}`;
  await rm(path, { force: true });
  await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

/** Files of batches, oldest first. Those that were about to be dropped, and are counted, go before anybody reads them. */
export async function segmentsIn(folder: string, first: number): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => firstOf(name) !== undefined).sort();
  const isDropped = (index: number): boolean => (firstOf(names[index + 1] ?? '') ?? Infinity) <= first;
  const gone = names.filter((_, index) => isDropped(index));
  for (const name of gone) await rm(join(folder, name), { force: true });
  return names.filter((name) => !gone.includes(name));
}
