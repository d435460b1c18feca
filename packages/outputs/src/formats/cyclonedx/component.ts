import type { Component } from '@breakwater/model';
import { parsePurl } from '@breakwater/model';
import { licenceKind } from '../bill/licence.ts';
import { ownProperties, type PackageSurroundings, trivyProperties } from '../bill/package-properties.ts';
import { type BillProperty, listed } from '../bill/property.ts';

/** Types whose namespace CycloneDX writers put into `group`. */
const GROUPED = new Set(['npm', 'maven', 'composer']);
/** CPE names as the schema has them: of edition 2.3, with all their parts. */
const WHOLE_CPE = /^cpe:2\.3:[aho*-](?::(?:[^:\\\s]|\\.)+){10}$/;

/**
 * A component of CycloneDX 1.6. The source package is in the purl (`upstream`, for Grype) and in properties (Trivy's
 * names and ours): each tool reads only its own, and without it most findings of a distribution are lost.
 */
export function cdxComponent(component: Component, surroundings: PackageSurroundings): object {
  const { id, version, purl, path, development, vendor, sha1, cpes = [] } = component;
  const group = groupOf(component);
  const licenses = cdxLicences(component.licences);
  const [cpe] = cpes.filter((name) => WHOLE_CPE.test(name));
  const properties = propertiesOf(component, surroundings);
  return {
    type: 'library',
    'bom-ref': id,
    ...(vendor && { supplier: { name: vendor } }),
    ...(group && { group }),
    name: group ? component.name.slice(group.length + 1) : component.name,
    ...(version !== '' && { version }),
    scope: development ? 'excluded' : 'required',
    ...(sha1 && { hashes: [{ alg: 'SHA-1', content: sha1 }] }),
    ...(licenses.length > 0 && { licenses }),
    ...(cpe && { cpe }),
    purl,
    ...(path !== '' && { evidence: { occurrences: [{ location: path, ...lineOf(component) }] } }),
    ...(properties.length > 0 && { properties }),
  };
}

function lineOf({ line }: Component): object {
  return line === undefined ? {} : { line };
}

function groupOf({ type, purl, name }: Component): string | undefined {
  const namespace = GROUPED.has(type) ? parsePurl(purl)?.namespace : undefined;
  return namespace && name.startsWith(namespace) && name.length > namespace.length + 1 ? namespace : undefined;
}

/** The schema takes one expression, or a list of ids and names. */
function cdxLicences(licences: readonly string[]): object[] {
  const [only, ...others] = licences;
  if (only !== undefined && others.length === 0 && licenceKind(only) === 'expression') return [{ expression: only }];
  return licences.map((text) => ({ license: licenceKind(text) === 'id' ? { id: text } : { name: text } }));
}

function propertiesOf(component: Component, surroundings: PackageSurroundings): BillProperty[] {
  const trivy = trivyProperties(component, surroundings);
  return [
    ...listed(trivy.map(({ name, value }) => [`aquasecurity:trivy:${name}`, value])),
    ...ownProperties(component, surroundings),
    ...listed((component.cpes ?? []).map((cpe) => ['syft:cpe23', cpe])),
  ];
}
