import type { Component, ComponentType } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS } from '@breakwater/model/purl';

/** A package of a programming language, its name and version checked by `isIdentity`. */
export interface LanguagePackage {
  name: string;
  /** Empty where none is stated: a commit or a folder instead of a release. */
  version: string;
  licences: string[];
  /** File that says so, relative to the root. */
  path: string;
  scope: Component['scope'];
  development: boolean;
  files: string[];
  relationship?: Component['relationship'];
  /** One-based line of `path`. */
  line?: number;
}

const MOST_LICENCES = 64;

/** Its component; what stands before the last slash of the purl's name is its namespace. */
export function languageComponent(type: ComponentType, item: LanguagePackage, purlName = item.name): Component {
  const slash = purlName.lastIndexOf('/');
  const purl = formatPurl({
    type,
    ...(slash > 0 && { namespace: purlName.slice(0, slash).toWellFormed() }),
    name: purlName.slice(slash + 1).toWellFormed(),
    ...(item.version !== '' && { version: item.version.toWellFormed() }),
    qualifiers: {},
  });
  const { path, licences, ...rest } = item;
  const ecosystem = LANGUAGE_ECOSYSTEMS[type]!;
  return { id: purl, type, purl, ecosystem, ...rest, licences: licences.slice(0, MOST_LICENCES), path: `/${path}` };
}
