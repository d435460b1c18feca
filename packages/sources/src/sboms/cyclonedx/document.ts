/** The fields of CycloneDX 1.2 to 1.7 that are read, after checking: everything may be missing. */
export interface CdxComponent {
  type: string;
  group: string;
  name: string;
  version: string;
  purl: string;
  ref: string;
  scope: string;
  licences: string[];
  /** Locations from `evidence.occurrences`. */
  locations: string[];
  /** All values of each property, in order. */
  properties: Map<string, string[]>;
  /** Components inside this one. */
  components: unknown[];
}

const LONGEST = 65_536;
const MOST = 100_000;

/** A component, or undefined when it is no object with a name. */
export function componentOf(value: unknown): CdxComponent | undefined {
  const fields = objectOf(value);
  const name = cleanText(fields?.['name']);
  if (!fields || !name) return undefined;
  return {
    type: cleanText(fields['type']),
    group: cleanText(fields['group']),
    name,
    version: cleanText(fields['version']),
    purl: cleanText(fields['purl']),
    ref: cleanText(fields['bom-ref']),
    scope: cleanText(fields['scope']),
    licences: licencesOf(fields['licenses']),
    locations: arrayOf(objectOf(fields['evidence'])?.['occurrences'])
      .map((occurrence) => cleanText(objectOf(occurrence)?.['location']))
      .filter((location) => location !== ''),
    properties: propertiesOf(fields['properties']),
    components: arrayOf(fields['components']),
  };
}

/** The first value of the first of these properties that is there. */
export function property({ properties }: CdxComponent, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = properties.get(name)?.[0];
    if (value) return value;
  }
  return undefined;
}

/** The value as an object. */
export function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The value as an array, at most 100,000 long per level; empty when it is none. */
export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

/** The value as a string; empty when it is none, is absurdly long or holds NUL. */
export function cleanText(value: unknown): string {
  return typeof value === 'string' && value.length <= LONGEST && !value.includes('\0') ? value.toWellFormed() : '';
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
    // The paths of a package's files are one property and may be longer than any other text.
    const text = name === 'breakwater:files' && typeof raw === 'string' ? raw.toWellFormed() : cleanText(raw);
    if (name === '' || text === '') continue;
    const values = properties.get(name);
    if (values) values.push(text);
    else properties.set(name, [text]);
  }
  return properties;
}
