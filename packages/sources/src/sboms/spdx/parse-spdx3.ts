import type { Unknown } from '@breakwater/model';
import { type Bill, MOST_ENTRIES } from '../bill/bill.ts';
import { arrayOf, cleanText, objectOf } from '../bill/fields.ts';
import { spdxBill } from './parse-spdx.ts';

type Fields = Record<string, unknown>;

/** Relationships of SPDX 3 that tell what SPDX 2 has in other words. */
const RELATIONSHIPS = new Map([
  ['contains', 'CONTAINS'],
  ['dependsOn', 'DEPENDS_ON'],
  ['hasPrerequisite', 'DEPENDS_ON'],
  ['generates', 'GENERATES'],
  ['descendantOf', 'DESCENDANT_OF'],
  ['ancestorOf', 'ANCESTOR_OF'],
  ['hasVariant', 'ANCESTOR_OF'],
  ['describes', 'DESCRIBES'],
]);
const LICENCES = new Map([
  ['hasConcludedLicense', 'licenseConcluded'],
  ['hasDeclaredLicense', 'licenseDeclared'],
]);

/**
 * An SPDX 3.0 document (JSON-LD as the specification serializes it) in the form that all formats share: its packages,
 * files and relationships are told in the words of SPDX 2. Other profiles (build, AI, security) are not looked at.
 */
export function spdx3Bill(document: Fields, source: string): Bill {
  const graph = arrayOf(document['@graph']).slice(0, MOST_ENTRIES).map(objectOf);
  const elements = new Map<string, Fields>();
  for (const element of graph) if (element) elements.set(cleanText(element['spdxId'] ?? element['@id']), element);
  const ofType = (type: string) => graph.flatMap((element) => (element && typeOf(element) === type ? [element] : []));
  const relationships = [...ofType('Relationship'), ...ofType('LifecycleScopedRelationship')];
  const roots = [...ofType('SpdxDocument'), ...ofType('software_Sbom'), ...ofType('Bom')].flatMap((element) =>
    arrayOf(element['rootElement']).map(cleanText),
  );
  const licences = licencesOf(relationships, elements);
  const bill = spdxBill(
    {
      spdxVersion: 'SPDX-2.3',
      name: cleanText(ofType('SpdxDocument')[0]?.['name']),
      documentDescribes: roots,
      packages: ofType('software_Package').map((element) => packageFrom(element, licences)),
      files: ofType('software_File').map((element) => ({ SPDXID: element['spdxId'], fileName: element['name'] })),
      relationships: relationships.flatMap(relationshipsFrom),
    },
    source,
  );
  return { ...bill, unknowns: [...tooMany(document, source), ...bill.unknowns] };
}

/** Types may be written with the prefix of their profile, or as an address. */
function typeOf(element: Fields): string {
  return cleanText(element['type'] ?? element['@type']).replace(/^.*[/:#](?=\w+$)/, '');
}

function packageFrom(element: Fields, licences: ReadonlyMap<string, Fields>): Fields {
  const id = cleanText(element['spdxId']);
  const identifiers = arrayOf(element['externalIdentifier']).map(objectOf);
  const purl = cleanText(element['software_packageUrl']);
  return {
    SPDXID: id,
    name: element['name'],
    versionInfo: element['software_packageVersion'],
    sourceInfo: element['software_sourceInfo'],
    summary: element['summary'],
    primaryPackagePurpose: cleanText(element['software_primaryPurpose'])
      .replace('operatingSystem', 'OPERATING-SYSTEM')
      .toUpperCase(),
    ...licences.get(id),
    externalRefs: [
      ...(purl === '' ? [] : [{ referenceType: 'purl', referenceLocator: purl }]),
      ...identifiers.map((item) => ({
        referenceType: identifierType(cleanText(item?.['externalIdentifierType'])),
        referenceLocator: item?.['identifier'],
      })),
    ],
    checksums: arrayOf(element['verifiedUsing'])
      .map(objectOf)
      .map((hash) => ({
        algorithm: cleanText(hash?.['algorithm']).toUpperCase(),
        checksumValue: hash?.['hashValue'],
      })),
    attributionTexts: element['software_attributionText'],
  };
}

function identifierType(type: string): string {
  if (type === 'packageUrl') return 'purl';
  return type === 'cpe23' ? 'cpe23Type' : type;
}

/** SPDX 3 relates one element to several. */
function relationshipsFrom(element: Fields): Fields[] {
  const type = RELATIONSHIPS.get(cleanText(element['relationshipType']));
  if (type === undefined) return [];
  return arrayOf(element['to']).map((to) => ({
    spdxElementId: element['from'],
    relationshipType: type,
    relatedSpdxElement: to,
  }));
}

/** Licences of each package, which SPDX 3 tells by relationships to elements that hold the expression. */
function licencesOf(relationships: readonly Fields[], elements: ReadonlyMap<string, Fields>): Map<string, Fields> {
  const licences = new Map<string, Fields>();
  for (const element of relationships) {
    const field = LICENCES.get(cleanText(element['relationshipType']));
    const from = cleanText(element['from']);
    const expression = elements.get(cleanText(arrayOf(element['to'])[0]));
    const text = cleanText(expression?.['simplelicensing_licenseExpression']);
    if (field && from !== '' && text !== '') licences.set(from, { ...licences.get(from), [field]: text });
  }
  return licences;
}

function tooMany(document: Fields, source: string): Unknown[] {
  if (arrayOf(document['@graph']).length <= MOST_ENTRIES) return [];
  const message = `Elements beyond the first ${MOST_ENTRIES} were not read`;
  return [{ code: 'sbom-too-large', message, place: { source, pointer: ['@graph', MOST_ENTRIES] } }];
}
