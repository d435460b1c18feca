import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';

const DATA = /\.(?:json|jsonl|ndjson|csv|zip)(?:\.gz)?$/i;
const DEEPEST = 8;

/** Whether a source is an address rather than a path. */
export function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
}

/**
 * Files and addresses behind the given ones, in order: of a folder those below it whose name is that of data. Links to
 * folders are not followed. Throws a `UserError` where a path does not exist.
 */
export function listSources(from: readonly string[]): string[] {
  const sources = from.flatMap((source) => (isAddress(source) ? [source] : listPath(source)));
  return [...new Set(sources)];
}

function listPath(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UserError(`there is nothing at ${path}`, {
      code: 'advisories-path-missing',
      hint: 'name a folder, a file or an address that holds advisories',
    });
  }
  return stats.isDirectory() ? listFolder(path, DEEPEST) : [path];
}

function listFolder(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listFolder(path, depth - 1);
    return DATA.test(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile() ? [path] : [];
  });
}
