import type { Component, Place } from '@breakwater/model';
import type { BillEntry } from '../bill/bill.ts';
import { arrayOf, cleanText, objectOf, textsOf } from '../bill/fields.ts';

/** A package of an SPDX 2 document after checking: everything but the name may be missing. */
export interface SpdxPackage extends BillEntry {
  /** `primaryPackagePurpose`: `LIBRARY`, `CONTAINER`, `OPERATING-SYSTEM` ... */
  purpose: string;
  summary: string;
  /** External references by type, purls and CPE names left out. */
  references: Map<string, string>;
  /** SHA-256 of its content. */
  digest: string;
  /** Ids of its files, as documents before 2.3 list them. */
  holds: string[];
}

const ABSENT: ReadonlySet<string> = new Set(['NOASSERTION', 'NONE']);
const PAIR = /^(breakwater:[a-z:-]{1,64}|[A-Z][A-Za-z]{1,40}): ([\s\S]+)$/;
const BUILT_FROM = /^built package from: (\S{1,256}) (\S{1,256})$/;
/** `acquired package info from RPM DB: /var/lib/rpm/rpmdb.sqlite`, `package found in: Manifest.toml`. */
const FOUND_IN = /^(?:acquired package info from ([^:]{1,64})|package found in): (.{1,4096})$/;
/** Claircore writes the kind of database before the path: `bdb:var/lib/rpm`, `maven:opt/a.jar`. */
const DATABASE = /^([a-z]{2,10}):(?=[^/\s])/;

/** Kinds of package by what Syft and Claircore call the database or file that lists them. */
const HINTS: [mark: RegExp, type: Component['type']][] = [
  [/^APK DB|\bapk\/db\/installed/, 'apk'],
  [/^DPKG DB|\bdpkg\/status/, 'deb'],
  [/^RPM DB|^(?:bdb|ndb|sqlite)$|\blib\/rpm\b/, 'rpm'],
  [/^ALPM DB/, 'alpm'],
  [/^installed java archive|^maven$/, 'maven'],
  [/^go module information|^go$/, 'golang'],
  [/^installed node module|^nodejs$/, 'npm'],
  [/^installed python package|^python$/, 'pypi'],
  [/^installed gem|^ruby$/, 'gem'],
  [/^installed rust|^rust cargo/, 'cargo'],
];

/** A package, or undefined when it is no object with a name. */
export function packageEntry(value: unknown, at: Pick<Place, 'pointer' | 'line'>): SpdxPackage | undefined {
  const fields = objectOf(value);
  const name = cleanText(fields?.['name']);
  if (!fields || !name) return undefined;
  const { purls, cpes, references } = externalReferences(fields['externalRefs']);
  const sourceInfo = cleanText(fields['sourceInfo']);
  const found = foundIn(sourceInfo, cleanText(fields['packageFileName']));
  const source = BUILT_FROM.exec(sourceInfo);
  const [creator = '', vendor = ''] = cleanText(fields['supplier']).split(/: (.*)/s);
  return {
    at,
    ref: cleanText(fields['SPDXID']),
    name,
    group: '',
    version: stated(cleanText(fields['versionInfo'])),
    purl: purls[0] ?? '',
    cpes,
    licences: licencesOf(fields),
    hint: found.hint,
    locations: found.path === '' ? [] : [found.path],
    files: [],
    ...(source && { source: { name: source[1] ?? '', version: source[2] } }),
    ...(creator === 'Organization' && found.hint === 'rpm' && { vendor }),
    development: false,
    properties: propertiesOf(fields),
    purpose: cleanText(fields['primaryPackagePurpose']).replace('_', '-'),
    summary: cleanText(fields['summary']),
    references,
    digest: digestOf(fields['checksums']),
    sha1: checksumOf(fields['checksums'], 'SHA1') || undefined,
    holds: textsOf(fields['hasFiles']),
  };
}

function stated(text: string): string {
  return ABSENT.has(text) ? '' : text;
}

function externalReferences(value: unknown): { purls: string[]; cpes: string[]; references: Map<string, string> } {
  const purls: string[] = [];
  const cpes: string[] = [];
  const references = new Map<string, string>();
  for (const item of arrayOf(value)) {
    const fields = objectOf(item);
    const type = cleanText(fields?.['referenceType']);
    const locator = cleanText(fields?.['referenceLocator']);
    if (type === 'purl' || locator.startsWith('pkg:')) purls.push(locator);
    else if (/^cpe:/.test(locator)) cpes.push(locator);
    else if (!references.has(type)) references.set(type, locator);
  }
  return { purls, cpes: [...new Set(cpes)], references };
}

function foundIn(sourceInfo: string, fileName: string): { hint?: Component['type']; path: string } {
  const [, database = '', path = ''] = FOUND_IN.exec(sourceInfo) ?? [];
  const kind = DATABASE.exec(fileName)?.[1];
  const file = path || (kind === undefined ? fileName : fileName.slice(kind.length + 1));
  const hint = HINTS.find(([mark]) => mark.test(kind ?? '') || mark.test(database) || mark.test(file))?.[1];
  return { path: file, ...(hint && { hint }) };
}

/** What was concluded, else what was declared. */
function licencesOf(fields: Record<string, unknown>): string[] {
  const names = [fields['licenseConcluded'], fields['licenseDeclared']].map(cleanText).map(stated);
  const [licence] = names.filter((name) => name !== '');
  return licence === undefined ? [] : [licence];
}

/** Pairs that Trivy and we write as texts: `LayerDiffID: sha256:...`. */
function propertiesOf(fields: Record<string, unknown>): Map<string, string[]> {
  const properties = new Map<string, string[]>();
  const comments = arrayOf(fields['annotations']).map((annotation) => objectOf(annotation)?.['comment']);
  for (const text of [...arrayOf(fields['attributionTexts']), ...comments]) {
    // Names of files may be longer than any other text.
    const isLong = typeof text === 'string' && /^breakwater:(?:files|symbols): /.test(text);
    const [, key, value = ''] = PAIR.exec(isLong ? text.toWellFormed() : cleanText(text)) ?? [];
    if (key === undefined) continue;
    const name = key.startsWith('breakwater:') ? key : `aquasecurity:trivy:${key}`;
    const values = properties.get(name);
    if (values) values.push(value);
    else properties.set(name, [value]);
  }
  return properties;
}

function digestOf(checksums: unknown): string {
  const value = checksumOf(checksums, 'SHA256');
  return /^[0-9a-f]{64}$/.test(value) ? `sha256:${value}` : '';
}

function checksumOf(checksums: unknown, algorithm: string): string {
  const found = arrayOf(checksums)
    .map(objectOf)
    .find((checksum) => cleanText(checksum?.['algorithm']).replace('-', '') === algorithm);
  return cleanText(found?.['checksumValue']);
}
