import { developmentOnly } from './development-only.ts';
import type { LockedDetails, LockedPackage, LockedPackages, Relationship } from './locked-packages.ts';

/** An entry of a lock file that tells what it needs, by the keys of other entries. */
export interface GraphPackage<Key> extends LockedDetails {
  name: string;
  version: string;
  /** Keys of what it needs to run; undefined where the file does not tell. */
  needs: readonly Key[] | undefined;
}

/** A project of a lock file: where the graph begins. */
export interface GraphProject<Key> {
  /** Keys of what it ships with, and of what only its development needs. */
  ships: readonly Key[];
  develops: readonly Key[];
  /** Absent where the project is not listed itself. Others may need it, by its key. */
  listed?: { key: Key; name: string; version: string; relationship: 'root' | 'workspace'; line?: number | undefined };
}

/**
 * Takes the packages of a lock file that tells its graph: what only development reaches, what the projects name
 * themselves, and what needs what. Without projects the first two are not known. A package whose own entry says whether
 * it is of development keeps its word.
 */
export function lockGraph<Key>(
  packages: ReadonlyMap<Key, GraphPackage<Key>>,
  projects: readonly GraphProject<Key>[],
  locked: LockedPackages,
): void {
  const needsOf = (key: Key): readonly Key[] => packages.get(key)?.needs ?? [];
  const shipped = projects.flatMap(({ ships }) => ships);
  const development = projects.flatMap(({ develops }) => develops);
  const only = developmentOnly(shipped, development, needsOf);
  const named = new Set([...shipped, ...development]);
  const relationshipOf = (key: Key): Relationship | undefined => {
    if (named.has(key)) return 'direct';
    return named.size > 0 ? 'indirect' : undefined;
  };
  const found = new Map<Key, LockedPackage>();
  const add = (key: Key, name: string, version: string, details: LockedDetails): void => {
    const item = locked.add(name, version, details);
    if (item !== undefined) found.set(key, item);
  };
  const link = (key: Key, needs: readonly Key[] | undefined): void => {
    const item = found.get(key);
    if (item !== undefined && needs !== undefined) locked.link(item, targetsOf(needs, found));
  };
  for (const { listed } of projects) {
    if (listed !== undefined) add(listed.key, listed.name, listed.version, listed);
  }
  for (const [key, { name, version, ...details }] of packages)
    add(key, name, version, { development: only.has(key), relationship: relationshipOf(key), ...details });
  for (const { listed, ships, develops } of projects) {
    if (listed !== undefined) link(listed.key, [...ships, ...develops]);
  }
  for (const [key, { needs }] of packages) link(key, needs);
}

function targetsOf<Key>(keys: readonly Key[], found: ReadonlyMap<Key, LockedPackage>): LockedPackage[] {
  return keys.flatMap((key) => found.get(key) ?? []);
}
