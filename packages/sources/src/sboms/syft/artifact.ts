import type { BillEntry } from '../bill/bill.ts';
import { arrayOf, cleanText, objectOf, textsOf } from '../bill/fields.ts';
import { typeOfSyft } from './package-types.ts';

type Fields = Record<string, unknown>;

/** A package of Syft's JSON, or undefined when it is no object with a name. */
export function artifactOf(value: unknown, pointer: (string | number)[]): BillEntry | undefined {
  const fields = objectOf(value);
  const name = cleanText(fields?.['name']);
  if (!fields || !name) return undefined;
  const metadata = objectOf(fields['metadata']) ?? {};
  const locations = arrayOf(fields['locations']).map(objectOf);
  const paths = locations.flatMap((location) => cleanText(location?.['path']) || []);
  const layer = locations.map((location) => cleanText(location?.['layerID'])).find((id) => id !== '');
  return {
    at: { pointer },
    ref: cleanText(fields['id']),
    name,
    group: '',
    version: cleanText(fields['version']),
    purl: cleanText(fields['purl']),
    cpes: cpesOf(fields['cpes']),
    licences: licencesOf(fields['licenses']),
    hint: typeOfSyft(cleanText(fields['type'])),
    locations: paths,
    files: filesOf(metadata['files'] ?? metadata['Files']),
    source: sourceOf(metadata),
    architecture: cleanText(metadata['architecture']) || undefined,
    layer,
    vendor: cleanText(metadata['vendor']) || undefined,
    modularityLabel: cleanText(metadata['modularityLabel']) || undefined,
    sha1: sha1Of(metadata['digest']),
    development: false,
    properties: new Map(),
  };
}

/** `"MIT"` in old schemas, `{ value, spdxExpression }` in newer ones. */
function licencesOf(value: unknown): string[] {
  const names = arrayOf(value).map((licence) => {
    const fields = objectOf(licence);
    return cleanText(licence) || cleanText(fields?.['spdxExpression']) || cleanText(fields?.['value']);
  });
  return [...new Set(names)].filter((name) => name !== '');
}

/** `"cpe:2.3:..."` in old schemas, `{ cpe, source }` in newer ones. */
function cpesOf(value: unknown): string[] {
  return arrayOf(value).flatMap((cpe) => cleanText(cpe) || cleanText(objectOf(cpe)?.['cpe']) || []);
}

/** `{ path, digest }`, or the path alone; folders have no digest, and a package does not own them. */
function filesOf(value: unknown): string[] {
  return arrayOf(value).flatMap((file) => {
    const fields = objectOf(file);
    if (!fields) return cleanText(file) || [];
    const isFile = fields['digest'] !== undefined || fields['md5'] !== undefined;
    return isFile ? cleanText(fields['path']) || [] : [];
  });
}

/** Syft's digests of an archive of Java. */
function sha1Of(digests: unknown): string | undefined {
  const found = arrayOf(digests)
    .map(objectOf)
    .find((digest) => digest?.['algorithm'] === 'sha1');
  return cleanText(found?.['value']) || undefined;
}

/** dpkg has `source` and `sourceVersion`, apk `originPackage`, rpm `sourceRpm`. */
function sourceOf(metadata: Fields): BillEntry['source'] {
  const [name = ''] = textsOf([metadata['source'], metadata['originPackage'], metadata['sourceRpm']]);
  return name === '' ? undefined : { name, version: cleanText(metadata['sourceVersion']) };
}
