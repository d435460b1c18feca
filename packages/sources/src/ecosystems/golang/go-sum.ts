import type { LockedPackages } from '../locked-packages.ts';

const LINE = /^(\S+) (v[^\s/]+)(\/go\.mod)? h1:\S+$/;

/**
 * Modules of a go.sum, the highest line of each path: a go.sum keeps hashes of versions that were once looked at, and
 * the last one of a path is the one that a build without go.mod beside it would most likely use. Lines for a go.mod
 * alone tell of no code.
 */
export function lockGoSum(text: string, known: ReadonlySet<string>, locked: LockedPackages): void {
  const versions = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = LINE.exec(line.trimEnd());
    if (match === null) locked.skip(index + 1);
    else if (match[3] === undefined && !known.has(match[1]!)) versions.set(match[1]!, match[2]!);
  }
  for (const [path, version] of versions) locked.add(path, version);
}
