import type { IndentedMap, IndentedValue } from '../indented-map.ts';
import type { GraphProject } from '../lock-graph.ts';

const SHIPPED = ['dependencies', 'optionalDependencies'];
/** Of the project's development, or of pnpm itself. */
const DEVELOPMENT = ['devDependencies', 'configDependencies', 'packageManagerDependencies'];

/** Where the graph of a lock file begins: its importers, or, before there were such, the document itself. */
export function projectsOf(root: IndentedMap, keys: Keys): GraphProject<string>[] {
  const importers = root.get('importers');
  const holders = importers === undefined ? [root] : [...mapOf(importers).values()].map(mapOf);
  return holders.map((holder) => ({
    ships: targetsOf(holder, SHIPPED, keys),
    develops: targetsOf(holder, DEVELOPMENT, keys),
  }));
}

/** Whether something is a key of a package; in lock files of version 9 of one with its peers in brackets. */
export interface Keys {
  has(key: string): boolean;
}

/** Keys of what a package needs to run. */
export function needsOf(entry: IndentedMap, keys: Keys): string[] {
  return targetsOf(entry, SHIPPED, keys);
}

/**
 * Keys that a map of dependencies names, `ms: 2.1.2`, `old: ms@2.0.0` or `{specifier, version}`: `ms@2.1.2` in version 9,
 * `/ms@2.1.2` from 6 on, `/ms/2.1.2` before.
 */
function targetsOf(holder: IndentedMap, fields: string[], keys: Keys): string[] {
  return fields
    .flatMap((field) => [...mapOf(holder.get(field))])
    .flatMap(([name, stated]) => {
      const version = typeof stated === 'string' ? stated : stated.get('version');
      if (typeof version !== 'string') return [];
      const key = [`${name}@${version}`, version, `/${name}@${version}`, `/${name}/${version}`].find((one) =>
        keys.has(one),
      );
      return key ?? [];
    });
}

/** A map inside of a document; empty where there is none. */
export function mapOf(value: IndentedValue | undefined): IndentedMap {
  return value === undefined || typeof value === 'string' ? new Map() : value;
}
