import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Unknown } from '@breakwater/model';
import type { ParsedFile } from '../parse-files.ts';
import type { FoundFile } from '../walk-files.ts';
import { referencesOf } from './compose/references.ts';

const MOST_COMPANIONS = 5_000;

/**
 * Files that Compose files name and that were not read yet: what they include and extend, `.env`, and the files of
 * `env_file`. Only those below the working folder or below a path that was given are opened, links followed: a stranger's
 * file must not have others of this machine read. What is not there is left to who needs it.
 *
 * @param seen sources that were looked for already; those of this time are added.
 */
export async function findCompanions(
  files: readonly FoundFile[],
  parsed: readonly ParsedFile[],
  paths: readonly string[],
  seen: Set<string>,
): Promise<{ files: FoundFile[]; unknowns: Unknown[] }> {
  const wanted = [...wantedBy(files, parsed)].filter(([source]) => !seen.has(source)).slice(0, MOST_COMPANIONS);
  if (wanted.length === 0) return { files: [], unknowns: [] };
  const roots = await rootsOf(paths);
  const found: FoundFile[] = [];
  const unknowns: Unknown[] = [];
  for (const [source, type] of wanted) {
    seen.add(source);
    const path = resolve(source);
    const target = await realpath(path).catch(() => undefined);
    if (target === undefined) continue;
    if (!roots.some((root) => target === root || target.startsWith(root.endsWith(sep) ? root : root + sep))) {
      unknowns.push(outside(source));
      continue;
    }
    found.push({ path, source, type });
  }
  return { files: found, unknowns };
}

function wantedBy(files: readonly FoundFile[], parsed: readonly ParsedFile[]): Map<string, FoundFile['type']> {
  const known = new Set(files.map(({ source }) => source));
  const wanted = new Map<string, FoundFile['type']>();
  for (const { index, read } of parsed) {
    for (const document of read?.documents ?? []) {
      if (document.kind !== 'compose') continue;
      const { included, extended, variables } = referencesOf({ ...document, source: files[index]!.source });
      for (const source of [...included, ...extended.keys()]) if (!known.has(source)) wanted.set(source, 'manifest');
      for (const source of variables) if (!known.has(source)) wanted.set(source, 'variables');
    }
  }
  return wanted;
}

async function rootsOf(paths: readonly string[]): Promise<string[]> {
  const folders = await Promise.all(
    paths.map(async (path) => {
      const isFolder = await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );
      return isFolder ? resolve(path) : dirname(resolve(path));
    }),
  );
  const all = [process.cwd(), ...folders];
  return Promise.all(all.map((folder) => realpath(folder).catch(() => folder)));
}

function outside(source: string): Unknown {
  const message = `${source} is named by a Compose file and lies outside of what was given: it was not read`;
  return {
    code: 'file-outside',
    message,
    place: { source },
    hint: 'Name its folder too, or run from a folder that holds both.',
  };
}
