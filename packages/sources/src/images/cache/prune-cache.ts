import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removing goes on to this share of the limit, so that not every scan has to remove. */
const KEPT_SHARE = 0.8;
/** What a process that died left behind. */
const STALE_MS = 60 * 60_000;

interface CacheFile {
  path: string;
  size: number;
  used: number;
  isTemporary: boolean;
}

/** Removes what was not used for the longest time until the files of all versions fit. Others may do the same at once. */
export async function pruneCache(root: string, largest: number): Promise<void> {
  const files = await list(root);
  const stale = files.filter(({ isTemporary, used }) => isTemporary && Date.now() - used > STALE_MS);
  let size = files.reduce((sum, file) => sum + file.size, 0);
  const oldest = files.filter(({ isTemporary }) => !isTemporary).sort((a, b) => a.used - b.used);
  const removed = [...stale];
  if (size > largest) {
    for (const file of oldest) {
      if (size <= largest * KEPT_SHARE) break;
      size -= file.size;
      removed.push(file);
    }
  }
  await Promise.all(removed.map(({ path }) => rm(path, { force: true }).catch(() => {})));
}

async function list(root: string): Promise<CacheFile[]> {
  const versions = await readdir(root).catch(() => []);
  const files = await Promise.all(
    versions.map(async (version) => {
      const names = await readdir(join(root, version)).catch(() => []);
      return Promise.all(names.map((name) => describe(join(root, version, name), name)));
    }),
  );
  return files.flat().filter((file) => file !== undefined);
}

async function describe(path: string, name: string): Promise<CacheFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  // A layer under two names is one file.
  return { path, size: found.size / found.nlink, used: found.mtimeMs, isTemporary: !name.startsWith('sha256-') };
}
