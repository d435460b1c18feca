import { childrenOf, childText, type XmlElement } from '../../ecosystems/xml/read-xml.ts';

type Fields = Record<string, unknown>;

/** Elements that JSON has as texts of the same name. */
const TEXTS = ['name', 'versionInfo', 'packageFileName', 'supplier', 'sourceInfo', 'summary'];

/**
 * An SPDX 2 document in RDF/XML with the fields as JSON has them. Elements stand wherever they are mentioned first, so
 * packages and relationships are gathered from the whole tree; whoever is mentioned again is named by address.
 */
export function spdxFromRdf(root: XmlElement): Fields {
  const document = { packages: [] as Fields[], files: [] as Fields[], relationships: [] as Fields[] };
  const top = childrenOf(root, 'SpdxDocument')[0];
  const seen = new Set<string>();
  const waiting: { element: XmlElement; owner: string }[] = [{ element: root, owner: '' }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { element, owner } = next;
    const id = idOf(element);
    const isElement = element.name === 'Package' || element.name === 'File' || element.name === 'SpdxDocument';
    // A mention without content is no element of its own.
    if (isElement && id !== '' && element.children.length > 0 && !seen.has(id)) {
      seen.add(id);
      if (element.name === 'Package') document.packages.push(packageFrom(element, id));
      if (element.name === 'File') document.files.push({ SPDXID: id, fileName: childText(element, 'fileName') });
    }
    if (element.name === 'Relationship') document.relationships.push(relationshipFrom(element, owner));
    const inner = isElement && id !== '' ? id : owner;
    for (let index = element.children.length - 1; index >= 0; index--) {
      waiting.push({ element: element.children[index]!, owner: inner });
    }
  }
  return {
    ...document,
    spdxVersion: childText(top, 'specVersion') ?? childText(top, 'spdxVersion'),
    name: childText(top, 'name'),
  };
}

function packageFrom(element: XmlElement, id: string): Fields {
  const texts = TEXTS.map((name) => [name, childText(element, name)] as const);
  return {
    ...Object.fromEntries(texts),
    SPDXID: id,
    licenseConcluded: licenceFrom(element, 'licenseConcluded'),
    licenseDeclared: licenceFrom(element, 'licenseDeclared'),
    primaryPackagePurpose: lastPart(resourceOf(element, 'primaryPackagePurpose'))
      .replace(/^purpose_/, '')
      .toUpperCase(),
    externalRefs: childrenOf(element, 'externalRef', 'ExternalRef').map((reference) => ({
      referenceType: lastPart(resourceOf(reference, 'referenceType')),
      referenceLocator: childText(reference, 'referenceLocator'),
    })),
    checksums: childrenOf(element, 'checksum', 'Checksum').map((checksum) => ({
      algorithm: lastPart(resourceOf(checksum, 'algorithm'))
        .replace(/^checksumAlgorithm_/, '')
        .toUpperCase(),
      checksumValue: childText(checksum, 'checksumValue'),
    })),
    attributionTexts: childrenOf(element, 'attributionText').map(({ text }) => text),
    annotations: childrenOf(element, 'annotation', 'Annotation').map((annotation) => ({
      comment: childText(annotation, 'comment'),
    })),
    hasFiles: childrenOf(element, 'hasFile', 'File').map(idOf),
  };
}

function relationshipFrom(element: XmlElement, owner: string): Fields {
  const [target] = childrenOf(element, 'relatedSpdxElement');
  const type = lastPart(resourceOf(element, 'relationshipType')).replace(/^relationshipType_/, '');
  return {
    spdxElementId: owner,
    relatedSpdxElement: lastPart(target?.attributes.get('rdf:resource') ?? '') || idOf(target?.children[0]),
    relationshipType: type.replace(/[A-Z]/g, '_$&').toUpperCase(),
    comment: childText(element, 'comment'),
  };
}

/** `http://spdx.org/licenses/MIT`, or a reference to a licence of the document. */
function licenceFrom(element: XmlElement, name: string): string {
  const licence = lastPart(resourceOf(element, name)).replace(/^.*\//, '');
  return licence === 'noassertion' || licence === 'none' ? '' : licence;
}

function resourceOf(element: XmlElement, name: string): string {
  return childrenOf(element, name)[0]?.attributes.get('rdf:resource') ?? '';
}

function idOf(element: XmlElement | undefined): string {
  return lastPart(element?.attributes.get('rdf:about') ?? element?.attributes.get('rdf:ID') ?? '');
}

/** What follows `#`, else the whole; types of references have addresses without one. */
function lastPart(address: string): string {
  const hash = address.lastIndexOf('#');
  if (hash !== -1) return address.slice(hash + 1);
  return address.includes('/references/') ? address.slice(address.lastIndexOf('/') + 1) : address;
}
