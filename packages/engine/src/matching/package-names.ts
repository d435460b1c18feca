import type { AdvisoryRow, Component } from '@breakwater/model';

/** A name under which advisories may speak of a component, with the version that counts under it. */
export interface PackageName {
  kind: 'source' | 'binary';
  name: string;
  version: string;
}

/**
 * The names of a component: the source package it was built from, and its own. Distributions publish for either; one
 * that is not known to be built from another source is its own.
 */
export function packageNames(component: Component): { source: PackageName; binary: PackageName } {
  const { name, version, source } = component;
  return {
    source: {
      kind: 'source',
      name: source?.name ?? name,
      version: source === undefined ? version : withEpoch(source.version, component),
    },
    binary: { kind: 'binary', name, version },
  };
}

/**
 * The name by which a row is to be judged; undefined when the row means another package that happens to be called
 * alike. A row that does not say which kind it names is taken for the source package first.
 */
export function nameForRow(row: AdvisoryRow, found: string, component: Component): PackageName | undefined {
  const { source, binary } = packageNames(component);
  if (row.names !== 'binary' && found === source.name) return source;
  return row.names !== 'source' && found === binary.name ? binary : undefined;
}

/** An rpm states its source as a file name, which has no epoch: the package's own is borrowed, never taken for 0. */
function withEpoch(version: string, { type, version: binary }: Component): string {
  if (type !== 'rpm' || /^[0-9]+:/.test(version)) return version;
  const epoch = /^[0-9]+:/.exec(binary)?.[0] ?? '';
  return `${epoch}${version}`;
}
