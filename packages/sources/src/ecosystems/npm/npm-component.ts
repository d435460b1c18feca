import type { Component } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS } from '@breakwater/model/purl';

export interface NpmPackage {
  name: string;
  /** Empty where none is stated: a commit or a folder instead of a release. */
  version: string;
  licences: string[];
  /** File that says so, relative to the root. */
  path: string;
  scope: Component['scope'];
  development: boolean;
  files: string[];
}

/** The component of an npm package; its purl's namespace is the scope. */
export function npmComponent(item: NpmPackage): Component {
  const slash = item.name.startsWith('@') ? item.name.indexOf('/') : -1;
  const purl = formatPurl({
    type: 'npm',
    ...(slash > 0 && { namespace: item.name.slice(0, slash).toWellFormed() }),
    name: item.name.slice(slash + 1).toWellFormed(),
    ...(item.version !== '' && { version: item.version.toWellFormed() }),
    qualifiers: {},
  });
  const { path, ...rest } = item;
  return { id: purl, type: 'npm', purl, ecosystem: LANGUAGE_ECOSYSTEMS['npm']!, ...rest, path: `/${path}` };
}

/** Licences in the three forms npm has had: text, an object with `type`, a list of those. */
export function readLicences(...fields: unknown[]): string[] {
  return fields.flat().flatMap((field) => {
    const text = typeof field === 'object' && field !== null ? (field as { type?: unknown }).type : field;
    return typeof text === 'string' && text !== '' && text.length < 512 ? [text] : [];
  });
}
