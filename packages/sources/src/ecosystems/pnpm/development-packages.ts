import { developmentOnly } from '../development-only.ts';
import type { IndentedMap, IndentedValue } from '../indented-map.ts';

const SHIPPED = ['dependencies', 'optionalDependencies'];
/** Of the project's development, or of pnpm itself. */
const DEVELOPMENT = ['devDependencies', 'configDependencies', 'packageManagerDependencies'];

/**
 * Keys of `packages` that only development needs, from the graph of a lock file of version 9: importers depend on
 * snapshots, which depend on others; a snapshot is a package with its peers in brackets. Before 9 each entry says it.
 */
export function developmentPackages(root: IndentedMap): Set<string> {
  const snapshots = mapOf(root.get('snapshots'));
  const importers = [...mapOf(root.get('importers')).values()].map(mapOf);
  const only = developmentOnly(
    importers.flatMap((importer) => targetsOf(importer, SHIPPED, snapshots)),
    importers.flatMap((importer) => targetsOf(importer, DEVELOPMENT, snapshots)),
    (key) => targetsOf(mapOf(snapshots.get(key)), SHIPPED, snapshots),
  );
  const shipped = new Set([...snapshots.keys()].filter((key) => !only.has(key)).map(withoutPeers));
  return new Set([...only].map(withoutPeers).filter((key) => !shipped.has(key)));
}

/** Snapshots that a map of dependencies names: `ms: 2.1.2`, `old: ms@2.0.0`, or `{specifier, version}`. */
function targetsOf(holder: IndentedMap, fields: string[], snapshots: IndentedMap): string[] {
  return fields
    .flatMap((field) => [...mapOf(holder.get(field))])
    .flatMap(([name, stated]) => {
      const version = typeof stated === 'string' ? stated : stated.get('version');
      if (typeof version !== 'string') return [];
      return [`${name}@${version}`, version].filter((key) => snapshots.has(key)).slice(0, 1);
    });
}

function withoutPeers(key: string): string {
  const parenthesis = key.indexOf('(');
  return parenthesis === -1 ? key : key.slice(0, parenthesis);
}

function mapOf(value: IndentedValue | undefined): IndentedMap {
  return value === undefined || typeof value === 'string' ? new Map() : value;
}
