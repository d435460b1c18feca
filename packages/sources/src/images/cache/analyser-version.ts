import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const READER = new URL('../child/serve-target.ts', import.meta.url).href;
/** Folders whose code decides what is kept of a layer. */
const FOLDERS = ['../child', '../tar', '../../ecosystems'];

/**
 * A name for the code that reads layers, from its very text: what other code kept is not found, so nobody has to
 * remember to raise a number. Of a bundled program it is the reader's file name, which holds a digest of its text.
 */
export async function analyserVersion(): Promise<string> {
  const hash = createHash('sha256');
  if (READER.endsWith('.ts')) await addSources(hash);
  else hash.update(basename(READER));
  return hash.digest('hex').slice(0, 16);
}

async function addSources(hash: ReturnType<typeof createHash>): Promise<void> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const paths = (await Promise.all(FOLDERS.map((folder) => sourcesBelow(join(here, folder))))).flat().sort();
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  for (const [index, path] of paths.entries()) {
    hash.update(`${relative(here, path)}\0${contents[index]!.length}\0`).update(contents[index]!);
  }
}

async function sourcesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources.map((name) => join(folder, name));
}
