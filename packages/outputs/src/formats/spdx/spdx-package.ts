import type { Component } from '@breakwater/model';
import { licenceKind } from '../bill/licence.ts';
import { ownProperties, type PackageSurroundings, trivyProperties } from '../bill/package-properties.ts';
import { type BillProperty, listed } from '../bill/property.ts';
import { elementId } from './relationships.ts';

/** A licence that is not on SPDX's list, with the id that the document gives it. */
export interface Extracted {
  licenseId: string;
  extractedText: string;
  name: string;
}

/** What is told of a package beside the package itself, and where the licences are gathered that need an id. */
export interface SpdxSurroundings extends PackageSurroundings {
  extracted: Map<string, Extracted>;
  annotate(property: BillProperty): object;
}

/** Trivy's properties that it takes from `sourceInfo` here. */
const IN_SOURCE_INFO: ReadonlySet<string> = new Set(['SrcName', 'SrcVersion', 'SrcRelease', 'SrcEpoch']);

/**
 * A package of SPDX 2.3. The source package is in the purl (`upstream`, for Grype) and in `sourceInfo` (for Trivy);
 * what SPDX has no field for is in annotations.
 */
export function spdxPackage(component: Component, surroundings: SpdxSurroundings): object {
  const { id, name, version, purl, vendor, sha1, cpes = [], licences } = component;
  const declared = declaredLicence(licences, surroundings.extracted);
  const trivy = trivyProperties(component, surroundings).filter((property) => !IN_SOURCE_INFO.has(property.name));
  const info = sourceInfo(component);
  return {
    SPDXID: elementId(id),
    name,
    ...(version !== '' && { versionInfo: version }),
    supplier: vendor ? `Organization: ${vendor}` : 'NOASSERTION',
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(sha1 && { checksums: [{ algorithm: 'SHA1', checksumValue: sha1 }] }),
    ...(info && { sourceInfo: info }),
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: declared,
    copyrightText: 'NOASSERTION',
    primaryPackagePurpose: 'LIBRARY',
    externalRefs: [
      purlReference(purl),
      ...cpes.map((cpe) => ({ referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: cpe })),
    ],
    ...(trivy.length > 0 && { attributionTexts: trivy.map(({ name: key, value }) => `${key}: ${value}`) }),
    annotations: [...fieldProperties(component), ...ownProperties(component, surroundings)].map((property) =>
      surroundings.annotate(property),
    ),
  };
}

/** How SPDX refers to a purl. */
export function purlReference(purl: string): object {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
}

/** What CycloneDX has fields for, and SPDX has not. */
function fieldProperties({ id, path, licences, development, dependsOn }: Component): BillProperty[] {
  return listed([
    ['breakwater:development', development ? 'true' : undefined],
    ['breakwater:id', id],
    ...licences.map((licence) => ['breakwater:licence', licence] as const),
    ['breakwater:needs', dependsOn?.length === 0 ? 'nothing' : undefined],
    ['breakwater:path', path],
  ]);
}

function sourceInfo({ source, path }: Component): string | undefined {
  // Trivy takes the text apart at its spaces.
  const isPlain = source && !/\s/.test(source.name + source.version) && source.version !== '';
  if (isPlain) return `built package from: ${source.name} ${source.version}`;
  return path === '' ? undefined : `package found in: ${path}`;
}

/** All licences apply: where one alone is an expression it stands in brackets. */
function declaredLicence(licences: readonly string[], extracted: Map<string, Extracted>): string {
  if (licences.length === 0) return 'NOASSERTION';
  const terms = licences.map((text) => {
    const kind = licenceKind(text);
    if (kind === 'expression') return licences.length === 1 ? text : `(${text})`;
    return kind === 'id' ? text : extractedId(text, extracted);
  });
  return terms.join(' AND ');
}

function extractedId(text: string, extracted: Map<string, Extracted>): string {
  const known = extracted.get(text);
  if (known) return known.licenseId;
  const readable = text
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);
  const licenseId = `LicenseRef-${extracted.size + 1}${readable && `-${readable}`}`;
  extracted.set(text, { licenseId, extractedText: text, name: text.slice(0, 256).toWellFormed() });
  return licenseId;
}
