import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const READER = new URL('../child/serve-target.ts', import.meta.url).href;
/** Folders whose code decides what is kept of a layer, from that of the reader. */
const FOLDERS = ['.', '../tar', '../../ecosystems'];
/** The same of a bundle: nothing else lies there. */
const BUNDLED = '.';

/**
 * A name for the code that reads layers, from its very text: what other code kept is not found, so nobody has to
 * remember to raise a number. Of a bundled program it is the text of the files beside the reader's.
 */
export async function analyserVersion(): Promise<string> {
  const hash = createHash('sha256');
  await addSources(hash, READER.endsWith('.ts') ? FOLDERS : [BUNDLED]);
  return hash.digest('hex').slice(0, 16);
}

async function addSources(hash: ReturnType<typeof createHash>, folders: string[]): Promise<void> {
  const here = fileURLToPath(new URL('.', READER));
  const paths = (await Promise.all(folders.map((folder) => sourcesBelow(join(here, folder))))).flat().sort();
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  for (const [index, path] of paths.entries()) {
    hash.update(`${relative(here, path)}\0${contents[index]!.length}\0`).update(contents[index]!);
  }
}

async function sourcesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const sources = names.filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.test.ts'));
  return sources.map((name) => join(folder, name));
}
