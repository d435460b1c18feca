import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import { parseVex, type VexReading } from './parse-vex.ts';

const LARGEST = 64 * 1024 * 1024;
const MOST_FILES = 10_000;
const DEEPEST = 8;

/**
 * Reads the VEX documents that are named: files, and all that lie below a folder. Only what is named is read, for what
 * is judged must not excuse itself. Throws a `UserError` where a path is not there or holds no VEX.
 */
export async function readVex(paths: readonly string[]): Promise<VexReading> {
  const read: VexReading = { statements: [], unknowns: [] };
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new UserError(`There is nothing at ${path}.`, { code: 'vex-missing', hint: HINT });
    const files = found.isDirectory() ? await listFiles(path, DEEPEST) : [path];
    let count = 0;
    for (const file of files.slice(0, MOST_FILES)) {
      const reading = await readFileOfVex(file);
      if (reading === undefined) continue;
      count++;
      read.statements.push(...reading.statements);
      read.unknowns.push(...reading.unknowns);
    }
    if (count === 0) throw new UserError(`${path} holds no VEX document.`, { code: 'vex-unreadable', hint: HINT });
  }
  return read;
}

const HINT = 'OpenVEX, CSAF 2.0 and CycloneDX with analyses are read, as JSON';

/** Undefined where a file is no VEX document. */
async function readFileOfVex(path: string): Promise<VexReading | undefined> {
  const { size } = await stat(path);
  if (size <= LARGEST) return parseVex(await readFile(path, 'utf8'), path);
  const message = 'The file is larger than 64 MiB: what it states was not read.';
  return { statements: [], unknowns: [{ code: 'vex-too-large', message, place: { source: path } }] };
}

async function listFiles(folder: string, depth: number): Promise<string[]> {
  if (depth === 0) return [];
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return await listFiles(path, depth - 1);
    return entry.isFile() && /\.(?:json|vex|intoto|att|jsonld)$/i.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(lists)).flat();
}
