import { type BillEntry, property } from '../bill/bill.ts';
import { arrayOf, cleanText, objectOf } from '../bill/fields.ts';
import { typeOfSyft } from '../syft/package-types.ts';

/** A component of CycloneDX after checking: everything but the name may be missing. */
export interface CdxComponent extends BillEntry {
  /** `library`, `application`, `operating-system`, `file` ... */
  type: string;
  /** Components inside this one. */
  components: unknown[];
}

const SYFT_PATH = /^syft:location:\d{1,6}:path$/;
/** Names under which the paths of a package's files are one property, which may be longer than any other text. */
const LONG = new Set(['breakwater:files', 'breakwater:symbols']);

/** A component, or undefined when it is no object with a name. `pointer` is where it stands. */
export function componentOf(value: unknown, pointer: (string | number)[]): CdxComponent | undefined {
  const fields = objectOf(value);
  const name = cleanText(fields?.['name']);
  if (!fields || !name) return undefined;
  const properties = propertiesOf(fields['properties']);
  const scope = cleanText(fields['scope']);
  const purl = cleanText(fields['purl']);
  return {
    at: { pointer },
    type: cleanText(fields['type']),
    // XML before 1.1 has no bom-ref, and Trivy's oldest documents refer by purl.
    ref: cleanText(fields['bom-ref']) || purl,
    group: cleanText(fields['group']),
    name,
    version: cleanText(fields['version']),
    purl,
    cpes: cpesOf(cleanText(fields['cpe']), properties),
    licences: licencesOf(fields['licenses']),
    hint: typeOfSyft(property({ properties }, 'syft:package:type') ?? ''),
    locations: locationsOf(fields['evidence'], properties),
    files: [],
    vendor: property({ properties }, 'syft:metadata:vendor'),
    sha1: sha1Of(fields['hashes']),
    development: scope === 'excluded' || property({ properties }, 'cdx:npm:package:development') === 'true',
    properties,
    components: arrayOf(fields['components']),
  };
}

function cpesOf(cpe: string, properties: BillEntry['properties']): string[] {
  const all = [cpe, ...(properties.get('syft:cpe23') ?? [])];
  return [...new Set(all)].filter((name) => name.startsWith('cpe:'));
}

/** `evidence.occurrences`, else where Syft, npm or cdxgen say the package was found. */
function locationsOf(evidence: unknown, properties: BillEntry['properties']): string[] {
  const stated = arrayOf(objectOf(evidence)?.['occurrences'])
    .map((occurrence) => cleanText(objectOf(occurrence)?.['location']))
    .filter((location) => location !== '');
  if (stated.length > 0) return stated;
  const ofSyft = [...properties].flatMap(([name, [path]]) => (path && SYFT_PATH.test(name) ? [path] : []));
  if (ofSyft.length > 0) return bestFirst(ofSyft);
  const other = property({ properties }, 'cdx:npm:package:path', 'SrcFile');
  return other ? [other] : [];
}

/** Syft lists the licence and the list of files of a package beside the database that tells of it. */
function bestFirst(paths: readonly string[]): string[] {
  const best = paths.find((path) => /\/(?:status|installed|rpmdb\.sqlite|Packages|Packages\.db)$/.test(path));
  return best === undefined ? [...paths] : [best, ...paths.filter((path) => path !== best)];
}

function sha1Of(hashes: unknown): string | undefined {
  const found = arrayOf(hashes)
    .map(objectOf)
    .find((hash) => hash?.['alg'] === 'SHA-1');
  // XML has the digits as the element's text, which has no name of its own.
  return cleanText(found?.['content']).toLowerCase() || undefined;
}

function licencesOf(value: unknown): string[] {
  const names = arrayOf(value).map((choice) => {
    const fields = objectOf(choice);
    const licence = objectOf(fields?.['license']);
    return cleanText(fields?.['expression']) || cleanText(licence?.['id']) || cleanText(licence?.['name']);
  });
  return [...new Set(names.filter((name) => name !== ''))];
}

function propertiesOf(value: unknown): Map<string, string[]> {
  const properties = new Map<string, string[]>();
  for (const entry of arrayOf(value)) {
    const fields = objectOf(entry);
    const name = cleanText(fields?.['name']);
    const raw = fields?.['value'];
    const text = LONG.has(name) && typeof raw === 'string' ? raw.toWellFormed() : cleanText(raw);
    if (name === '' || text === '') continue;
    const values = properties.get(name);
    if (values) values.push(text);
    else properties.set(name, [text]);
  }
  return properties;
}
