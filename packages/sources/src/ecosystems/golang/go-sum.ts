import type { LockedPackages } from '../locked-packages.ts';

const LINE = /^(\S+) (v[^\s/]+)(\/go\.mod)? h1:\S+$/;

/** What the go.mod beside a go.sum says. */
export interface GoSumContext {
  /** Paths of modules that it names itself. */
  known: ReadonlySet<string>;
  /** `path version` that it excludes. */
  excluded: ReadonlySet<string>;
}

/**
 * Modules of a go.sum, the highest line of each path: a go.sum keeps hashes of versions that were once looked at, and
 * the last one of a path is the one that a build without go.mod beside it would most likely use. Lines for a go.mod
 * alone tell of no code.
 */
export function lockGoSum(text: string, { known, excluded }: GoSumContext, locked: LockedPackages): void {
  const versions = new Map<string, { version: string; line: number }>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = LINE.exec(line.trimEnd());
    if (match === null) locked.skip(index + 1);
    else if (match[3] === undefined && !known.has(match[1]!) && !excluded.has(`${match[1]} ${match[2]}`))
      versions.set(match[1]!, { version: match[2]!, line: index + 1 });
  }
  for (const [path, { version, line }] of versions) locked.add(path, version, { line });
}
