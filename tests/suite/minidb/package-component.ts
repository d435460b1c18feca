import type { Component, ComponentType } from '@breakwater/model';
import { LANGUAGE_ECOSYSTEMS } from '@breakwater/model/purl';
import type { CaseDistribution } from './distribution.ts';
import { type Fields, fieldsOf, listOf, textOf, textsOf } from './json.ts';

const TYPES: Record<string, ComponentType> = {
  alpm: 'alpm',
  apk: 'apk',
  bitnami: 'bitnami',
  deb: 'deb',
  rpm: 'rpm',
  npm: 'npm',
  python: 'pypi',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  'go-module': 'golang',
  gem: 'gem',
  'rust-crate': 'cargo',
  'php-composer': 'composer',
  composer: 'composer',
  dotnet: 'nuget',
  hex: 'hex',
  'dart-pub': 'pub',
  hackage: 'hackage',
  'R-package': 'cran',
};

/** Ecosystems that stand for the order of a package format. The release keeps distributions apart. */
const FORMATS: Partial<Record<ComponentType, string>> = {
  apk: 'Alpine',
  deb: 'Debian',
  rpm: 'Red Hat',
  alpm: 'Red Hat',
};

/** A package of a case as components: one for each source package that it may come from. */
export function componentsOf(
  item: Fields,
  options: Fields,
  distribution: CaseDistribution | undefined,
  useCpes: boolean,
): Component[] {
  const type = TYPES[textOf(item['type'])] ?? 'generic';
  const format = FORMATS[type];
  const ecosystem =
    format === undefined
      ? (LANGUAGE_ECOSYSTEMS[type] ?? 'NVD')
      : `${format}:${distribution?.id ?? ''}:${distribution?.version ?? ''}`;
  const metadata = fieldsOf(item['metadata']);
  const name = nameOf(item, metadata, type);
  const version = versionOf(item, metadata, options, type);
  const label = metadata['modularityLabel'] ?? metadata['modularity_label'];
  const symbols = symbolsOf(fieldsOf(item['go_symbols']));
  const component: Component = {
    id: name,
    type,
    name,
    version,
    purl: textOf(item['purl']) || `pkg:${type}/${name}@${version}`,
    ecosystem,
    licences: [],
    path: '/',
    files: [],
    scope: 'installed',
    development: false,
    ...(textOf(item['arch']) === '' ? {} : { architecture: textOf(item['arch']) }),
    ...(typeof label === 'string' ? { modularityLabel: label } : {}),
    ...(useCpes ? { cpes: textsOf(item['cpes']) } : {}),
    ...(symbols.length === 0 ? {} : { symbols }),
  };
  const sources = sourcesOf(item, version);
  return sources.length === 0 ? [component] : sources.map((source) => ({ ...component, source }));
}

function sourcesOf(item: Fields, version: string): { name: string; version: string }[] {
  return listOf(item['upstreams']).map((upstream) => ({
    name: textOf(upstream['name']),
    version: textOf(upstream['version']) || version,
  }));
}

function nameOf(item: Fields, metadata: Fields, type: ComponentType): string {
  const artifact = textOf(metadata['pomArtifactID']);
  if (type === 'maven' && artifact !== '') return `${textOf(metadata['pomGroupID'])}:${artifact}`;
  return textOf(item['name']);
}

/** A main module is built from a working copy: unless told so, its pseudo version says nothing of what it holds. */
function versionOf(item: Fields, metadata: Fields, options: Fields, type: ComponentType): string {
  const version = textOf(item['version']);
  const epoch = metadata['epoch'];
  if (type === 'rpm' && typeof epoch === 'number' && !/^[0-9]+:/.test(version)) return `${epoch}:${version}`;
  const isMain = type === 'golang' && metadata['mainModule'] === item['name'];
  const isPseudo = /^v0\.0\.0-|^\(devel\)$|^$/.test(version);
  return isMain && isPseudo && options['allowMainModulePseudoVersionComparison'] !== true ? '' : version;
}

function symbolsOf(symbols: Fields): NonNullable<Component['symbols']> {
  return Object.entries(symbols).map(([path, names]) => ({ path, names: textsOf(names) }));
}
