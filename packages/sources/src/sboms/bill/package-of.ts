import type { Component, Distribution, Unknown } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS, type Purl, packageName } from '@breakwater/model/purl';
import { type BillEntry, property } from './bill.ts';
import { distributionOfPurl } from './distribution.ts';
import { canonicalPurl, guessedPurl, isComponentType, SYSTEM_TYPES, statedPurl, withEpoch } from './purl-of-entry.ts';
import { sourcePackage } from './source-package.ts';

/** What the rest of the document says about every package. */
export interface PackageContext {
  distribution: Distribution | undefined;
  /** Whether the document describes an image: its packages lie at paths from the root. */
  isImage: boolean;
  /** Ecosystems of distributions that purls named so far: thousands of packages name the same. */
  ecosystems: Map<string, string | undefined>;
}

type Gap = Pick<Unknown, 'code' | 'message'>;

/** Ecosystem of advisories that name products by CPE. */
const BY_CPE = 'NVD';
const LONGEST_ID = 4096;
const SHA1 = /^[0-9a-f]{40}$/;
/** Files that are read by people, or that nothing loads as code. */
const DOCUMENTS =
  /^\/usr\/(?:local\/)?share\/(?:doc|doc-base|man|info|locale|lintian|bug|licenses|zoneinfo|i18n|icons)\/|^\/usr\/include\/|\.(?:md|txt|html|gz|png|svg|mo|po)$/;

/**
 * Makes a package of an entry of another program's document. Where the entry does not say what it is, the package is a
 * guess and says so; what keeps it from being judged is the gap.
 */
export function packageOf(entry: BillEntry, context: PackageContext): { package: Component; gap?: Gap } {
  const stated = statedPurl(entry);
  const version = entry.version || versionOfCpes(entry.cpes);
  const found = stated ?? guessedPurl({ ...entry, version }, context.distribution);
  const full = withEpoch(found, found.version ?? version);
  const purl = canonicalPurl(found, full);
  const made = build(entry, purl, full, stated !== undefined, context);
  const gap = gapOf(entry, made, stated !== undefined);
  return { package: made, ...(gap && { gap }) };
}

function build(entry: BillEntry, purl: Purl, version: string, isStated: boolean, context: PackageContext): Component {
  const text = formatPurl(purl).slice(0, LONGEST_ID);
  const type = isComponentType(purl.type) ? purl.type : 'generic';
  const native = ecosystemOf(purl, context);
  const cpes = native === undefined ? fullCpes(entry.cpes) : [];
  const ecosystem = native ?? (cpes.length > 0 ? BY_CPE : undefined);
  const source = sourcePackage(entry, purl, version);
  const architecture = purl.qualifiers['arch'] ?? entry.architecture;
  const layer = entry.layer ?? property(entry, 'aquasecurity:trivy:LayerDiffID', 'syft:location:0:layerID');
  const label = moduleOf(entry, purl);
  const path = pathOf(entry, context.isImage);
  return {
    id: text,
    type,
    name: packageName(purl),
    version,
    purl: text,
    ...(ecosystem && { ecosystem }),
    ...(source && { source }),
    ...(architecture && { architecture }),
    ...(entry.vendor && { vendor: entry.vendor }),
    ...(label && { modularityLabel: label }),
    ...(cpes.length > 0 && { cpes }),
    licences: entry.licences,
    path,
    ...(layer && { layer }),
    files: type === 'npm' ? npmFolders(entry, path) : ownedFiles(entry.files),
    scope: 'installed',
    development: entry.development,
    ...(!isStated && { guessedFrom: 'manifest' }),
    ...(!isStated && type === 'maven' && SHA1.test(entry.sha1 ?? '') && { sha1: entry.sha1 }),
  };
}

function gapOf(entry: BillEntry, { name, version, ecosystem }: Component, isStated: boolean): Gap | undefined {
  const named = `${name} ${version}`.trim();
  if (!isStated && entry.purl !== '') {
    return { code: 'component-purl-invalid', message: `${named} has no valid purl: ${entry.purl.slice(0, 256)}` };
  }
  if (!isStated && ecosystem === undefined) {
    return {
      code: 'component-without-purl',
      message: `${named} has neither purl nor CPE, so what it is cannot be told`,
    };
  }
  return version === '' ? { code: 'component-without-version', message: `${named} has no version` } : undefined;
}

/** The ecosystem of a purl; packages of an operating system are of their distribution's. */
export function ecosystemOf(purl: Purl, { distribution, ecosystems }: PackageContext): string | undefined {
  if (!SYSTEM_TYPES.has(purl.type))
    return Object.hasOwn(LANGUAGE_ECOSYSTEMS, purl.type) ? LANGUAGE_ECOSYSTEMS[purl.type] : undefined;
  const key = `${purl.namespace} ${purl.qualifiers['distro']}`;
  if (!ecosystems.has(key)) {
    const own = distributionOfPurl(purl);
    ecosystems.set(key, own ? own.ecosystem : distribution?.ecosystem);
  }
  return ecosystems.get(key);
}

function moduleOf(entry: BillEntry, { qualifiers }: Purl): string | undefined {
  return (
    entry.modularityLabel ??
    qualifiers['rpmmod'] ??
    property(entry, 'aquasecurity:trivy:Modularitylabel', 'syft:metadata:modularityLabel')
  );
}

/** CPE names of an application as edition 2.3 writes them, filled up where a document cuts them short. */
function fullCpes(cpes: readonly string[]): string[] {
  return cpes
    .map((cpe) => cpe.replace(/^cpe:\//, 'cpe:2.3:'))
    .filter((cpe) => /^cpe:2\.3:[a*]:/.test(cpe))
    .map((cpe) => {
      const parts = cpe.replace(/^cpe:2\.3:\*:/, 'cpe:2.3:a:').split(/(?<!\\):/);
      return parts.length >= 5 ? [...parts, ...Array<string>(Math.max(0, 13 - parts.length)).fill('*')].join(':') : '';
    })
    .filter((cpe) => cpe !== '');
}

/** The one version that all CPE names state; empty where they state none or differ. */
function versionOfCpes(cpes: readonly string[]): string {
  const stated = new Set(
    cpes.map((cpe) => (cpe.startsWith('cpe:/') ? cpe.split(':')[4] : cpe.split(/(?<!\\):/)[5]) ?? ''),
  );
  const [version = ''] = stated;
  return stated.size === 1 && version !== '*' && version !== '-' ? version.replace(/\\(.)/g, '$1') : '';
}

function pathOf(entry: BillEntry, isImage: boolean): string {
  const path = property(entry, 'aquasecurity:trivy:FilePath') ?? entry.locations[0] ?? '';
  return isImage && path !== '' ? rooted(path) : path;
}

/** Folders of an npm package installed at these places: it owns them, as npm lays packages out. */
function npmFolders({ locations }: BillEntry, path: string): string[] {
  return [...new Set([path, ...locations.map(rooted)])]
    .filter((place) => place.includes('/node_modules/') && place.endsWith('/package.json'))
    .map((place) => place.slice(0, -'package.json'.length));
}

function ownedFiles(files: readonly string[]): string[] {
  return [...new Set(files.map(rooted))].filter((file) => !DOCUMENTS.test(file));
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path.replace(/^\.\//, '')}`;
}
