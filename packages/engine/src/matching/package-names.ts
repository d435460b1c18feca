import type { AdvisoryRow, Component } from '@breakwater/model';

/** A name under which advisories may speak of a component, with the version that counts under it. */
export interface PackageName {
  /** `source` where the component states another package that it was built from. */
  kind: 'source' | 'binary';
  name: string;
  version: string;
  /** The rows under this name that are meant for it: `source` and `binary` rows, and those that do not say. */
  takes: { source: boolean; binary: boolean; unsaid: boolean };
}

/**
 * The names of a component: the source package it was built from, then its own. Distributions publish for either. A row
 * that does not say which kind it names is taken for the source package first; one that names a source package never
 * holds for a binary package that happens to be called alike.
 */
export function packageNames(component: Component): [source: PackageName, binary: PackageName] {
  const { name, version } = component;
  const source = component.source ?? { name, version };
  return [
    {
      kind: component.source === undefined ? 'binary' : 'source',
      name: source.name,
      version: component.source === undefined ? version : withEpoch(source.version, component),
      takes: { source: true, binary: false, unsaid: true },
    },
    { kind: 'binary', name, version, takes: { source: false, binary: true, unsaid: source.name !== name } },
  ];
}

/** Whether a row under this name is meant for it. */
export function isMeant(row: AdvisoryRow, { takes }: PackageName): boolean {
  return takes[row.names ?? 'unsaid'];
}

/** An rpm states its source as a file name, which has no epoch: the package's own is borrowed, never taken for 0. */
function withEpoch(version: string, { type, version: binary }: Component): string {
  if (type !== 'rpm' || /^[0-9]+:/.test(version)) return version;
  const epoch = /^[0-9]+:/.exec(binary)?.[0] ?? '';
  return `${epoch}${version}`;
}
