import { linesOf } from '../read-text.ts';

/** What a METADATA or PKG-INFO file says (Core metadata specification). Name and version are empty where it does not. */
export interface Metadata {
  name: string;
  version: string;
  licences: string[];
}

const LONGEST_LICENCE = 512;

/** Reads the header fields, case ignored; the first of a name counts. What follows an empty line is description. */
export function parseMetadata(text: string): Metadata {
  const found = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon <= 0 || line.startsWith(' ') || line.startsWith('\t')) continue;
    const key = line.slice(0, colon).toLowerCase();
    const values = found.get(key) ?? [];
    values.push(line.slice(colon + 1).trim());
    found.set(key, values);
  }
  const first = (key: string): string => found.get(key)?.[0] ?? '';
  return { name: first('name'), version: first('version'), licences: licencesOf(found) };
}

/** The SPDX expression, else the classifiers, else the free text. */
function licencesOf(found: Map<string, string[]>): string[] {
  const expression = found.get('license-expression') ?? [];
  const classifiers = (found.get('classifier') ?? [])
    .filter((classifier) => classifier.startsWith('License :: '))
    .map((classifier) => classifier.slice(classifier.lastIndexOf(' :: ') + 4))
    .filter((name) => name !== 'OSI Approved');
  const stated = (found.get('license') ?? []).filter((text) => text !== 'UNKNOWN').slice(0, 1);
  const licences = [expression, classifiers, stated].find((list) => list.length > 0) ?? [];
  return licences.filter((text) => text !== '' && text.length < LONGEST_LICENCE);
}
