import type { AdvisoryRow, Component } from '@breakwater/model';
import { fixesOf } from './judge-row.ts';

/** A name under which advisories may speak of a component, with the version that counts under it. */
export interface PackageName {
  /** `source` where the component states another package that it was built from. */
  kind: 'source' | 'binary';
  name: string;
  version: string;
  /** True where the version lacks its epoch, which is not the same as 0: bounds are then compared without theirs. */
  epochless: boolean;
  /** The rows under this name that are meant for it: `source` and `binary` rows, and those that do not say. */
  takes: { source: boolean; binary: boolean; unsaid: boolean };
  modularityLabel?: string;
  /** Of the binary package; its source has none. */
  architecture?: string;
  symbols?: NonNullable<Component['symbols']>;
}

/**
 * The names of a component: the source package it was built from, then its own. Distributions publish for either. A row
 * that does not say which kind it names is taken for the source package first; one that names a source package never
 * holds for a binary package that happens to be called alike.
 */
export function packageNames(component: Component): [source: PackageName, binary: PackageName] {
  const { type, name, version, modularityLabel, symbols, architecture } = component;
  const origin = component.source ?? rebuiltFrom(component);
  const source = origin ?? { name, version };
  const traits = {
    ...(modularityLabel === undefined ? {} : { modularityLabel }),
    ...(symbols === undefined ? {} : { symbols }),
    ...(architecture === undefined ? {} : { architecture }),
  };
  return [
    {
      ...traits,
      kind: origin === undefined ? 'binary' : 'source',
      ...source,
      // An rpm states its source as a file name, which has no epoch.
      epochless: component.source !== undefined && type === 'rpm' && !/^[0-9]+:/.test(source.version),
      takes: { source: true, binary: false, unsaid: true },
    },
    {
      ...traits,
      kind: 'binary',
      name,
      version,
      epochless: false,
      takes: { source: false, binary: true, unsaid: source.name !== name },
    },
  ];
}

/**
 * The package that a vendor rebuilt under a name of its own: what is known of the original holds until the vendor says
 * it is mended. Root.io puts its name before that of the package, the scope or the group.
 */
function rebuiltFrom({ name, version }: Component): Component['source'] {
  const original = /^(?:rootio[-_]|@rootio\/|io\.root\.(?=[^:]+:))(.+)$/.exec(name)?.[1];
  return original === undefined ? undefined : { name: original, version };
}

/** Whether a row under this name is meant for it. */
export function isMeant(row: AdvisoryRow, name: PackageName): boolean {
  return name.takes[row.names ?? 'unsaid'] && isOfModule(row, name) && isOfArchitecture(row, name);
}

/** A fix may be another build for each architecture. What holds for all, or runs on all, is meant whatever is stated. */
function isOfArchitecture({ architecture }: AdvisoryRow, { architecture: own }: PackageName): boolean {
  const isAny = architecture === undefined || own === undefined || own === 'noarch' || own === 'all';
  return isAny || architecture === 'noarch' || architecture === own;
}

/** Stands for a module that a source does not name: its builds only show that they are of one. */
export const ANY_MODULE = '*';

/** Builds of a module carry `.module_el8` or `.module+el8` in their release. */
const MODULE_BUILD = /\.module[_+]/;

/**
 * Versions of one name differ by module. A package of which nobody knows whether it has one may be of any, unless the
 * fixes show that builds of modules are marked and its own is not.
 */
function isOfModule(row: AdvisoryRow, { modularityLabel: label, version }: PackageName): boolean {
  const { module } = row;
  if (module === undefined) return true;
  if (label === undefined)
    return module === '' || MODULE_BUILD.test(version) || !fixesOf(row).some((fix) => MODULE_BUILD.test(fix));
  if (module === '') return label === '';
  return module === ANY_MODULE ? label !== '' : label === module || label.startsWith(`${module}:`);
}

/** Whether a row is taken for a package only because the package does not say of which module it is. */
export function isGuessedModule({ module }: AdvisoryRow, { modularityLabel }: PackageName): boolean {
  if (module === ANY_MODULE) return true;
  return module !== undefined && module !== '' && modularityLabel === undefined;
}
