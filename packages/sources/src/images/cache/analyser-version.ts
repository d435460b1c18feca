import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Folders whose code decides what is kept of a layer. */
const FOLDERS = ['../child', '../tar', '../../ecosystems'];

/**
 * A name for the code that reads layers, from its very text: what other code kept is not found, so nobody has to
 * remember to raise a number. Of a bundled program it is the text of the bundle.
 */
export async function analyserVersion(): Promise<string> {
  const files = import.meta.filename.endsWith('.ts') ? (await Promise.all(FOLDERS.map(sourcesBelow))).flat() : [];
  const paths = files.length === 0 ? [import.meta.filename] : files.sort();
  const hash = createHash('sha256');
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  for (const [index, path] of paths.entries()) {
    hash.update(`${relative(import.meta.dirname, path)}\0${contents[index]!.length}\0`).update(contents[index]!);
  }
  return hash.digest('hex').slice(0, 16);
}

async function sourcesBelow(folder: string): Promise<string[]> {
  const names = await readdir(join(import.meta.dirname, folder), { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources.map((name) => join(import.meta.dirname, folder, name));
}
