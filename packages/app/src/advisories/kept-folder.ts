import { rmSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the advisories of estates. */
export interface KeptFolder {
  path: string;
  /** To be called when its files are closed: a folder that could not be kept goes. */
  leave(): void;
}

/** Estates whose index is kept: an estate that changes leaves one behind each time. */
const KEPT = 16;

/** The folder below the state folder; where nothing can be written there, one that lasts as long as this reading. */
export async function openKeptFolder(state: string): Promise<KeptFolder> {
  const path = join(state, 'estates');
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
  } catch {
    const passing = await mkdtemp(join(tmpdir(), 'breakwater-'));
    return { path: passing, leave: () => rmSync(passing, { recursive: true, force: true }) };
  }
  await removeOldest(path);
  return { path, leave() {} };
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sqlite'));
  if (names.length <= KEPT) return;
  const ages = await Promise.all(
    names.map(async (name) => ({ name, made: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  for (const { name } of ages.sort((a, b) => b.made - a.made).slice(KEPT))
    await rm(join(folder, name), { force: true });
}
