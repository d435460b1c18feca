import type { Component, ComponentType } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS } from '@breakwater/model/purl';
import type { LanguagePackage } from './language-component.ts';

/** Parts of a purl that are not the package's name and version alone. */
export interface PurlParts {
  namespace?: string;
  /** Where the purl spells the name in another way. */
  name?: string;
  qualifiers?: Record<string, string>;
  subpath?: string;
}

const MOST_LICENCES = 64;
const LONGEST_LICENCE = 512;

/** The component of a package whose purl has more parts than a name, or whose type no advisory source knows. */
export function purlComponent(type: ComponentType, item: LanguagePackage, parts: PurlParts = {}): Component {
  const { namespace, name = item.name, qualifiers = {}, subpath } = parts;
  const purl = formatPurl({
    type,
    ...(namespace !== undefined && { namespace: namespace.toWellFormed() }),
    name: name.toWellFormed(),
    ...(item.version !== '' && { version: item.version.toWellFormed() }),
    qualifiers: Object.fromEntries(Object.entries(qualifiers).map(([key, value]) => [key, value.toWellFormed()])),
    ...(subpath !== undefined && { subpath: subpath.toWellFormed() }),
  });
  const { path, licences, ...rest } = item;
  const ecosystem = LANGUAGE_ECOSYSTEMS[type];
  return {
    id: purl,
    type,
    purl,
    ...(ecosystem !== undefined && { ecosystem }),
    ...rest,
    licences: licences.filter((text) => text !== '' && text.length < LONGEST_LICENCE).slice(0, MOST_LICENCES),
    path: `/${path}`,
  };
}
