import type { Component } from '@breakwater/model';
import { parsePurl } from '@breakwater/model';

/** A `{ name, value }` pair of CycloneDX. */
export interface CdxProperty {
  name: string;
  value: string;
}

/** Types whose namespace CycloneDX writers put into `group`. */
const GROUPED = new Set(['npm', 'maven', 'composer']);
const SOURCE_VERSION = /^(?:(\d+):)?(.+?)(?:-([^-]+))?$/;

/**
 * A component of CycloneDX 1.6. The source package is in the purl (`upstream`, for Grype) and in properties (Trivy's
 * names and ours): each tool reads only its own, and without it most findings of a distribution are lost.
 */
export function cdxComponent(component: Component): object {
  const { id, version, purl, licences, path, development } = component;
  const group = groupOf(component);
  const properties = packageProperties(component);
  return {
    type: 'library',
    'bom-ref': id,
    ...(group && { group }),
    name: group ? component.name.slice(group.length + 1) : component.name,
    ...(version !== '' && { version }),
    scope: development ? 'excluded' : 'required',
    ...(licences.length > 0 && { licenses: licences.map((name) => ({ license: { name } })) }),
    purl,
    ...(path !== '' && { evidence: { occurrences: [{ location: path }] } }),
    ...(properties.length > 0 && { properties }),
  };
}

function groupOf({ type, purl, name }: Component): string | undefined {
  const namespace = GROUPED.has(type) ? parsePurl(purl)?.namespace : undefined;
  return namespace && name.startsWith(namespace) && name.length > namespace.length + 1 ? namespace : undefined;
}

function packageProperties(component: Component): CdxProperty[] {
  const { ecosystem, source, architecture, layer, files, scope, type } = component;
  return listed([
    ...(source ? sourceProperties(type, source) : []),
    ['breakwater:architecture', architecture],
    ['breakwater:ecosystem', ecosystem],
    ['breakwater:files', files.join('\n')],
    ['breakwater:layer', layer],
    ['breakwater:scope', scope === 'locked' ? scope : undefined],
    ['breakwater:source:name', source?.name],
    ['breakwater:source:version', source?.version],
  ]);
}

/** Trivy takes Debian's and Red Hat's versions apart: `1:2.38-1` is epoch 1, version 2.38, release 1. */
function sourceProperties(type: string, { name, version }: { name: string; version: string }): [string, string?][] {
  const parts = type === 'deb' || type === 'rpm' ? SOURCE_VERSION.exec(version) : null;
  return [
    ['aquasecurity:trivy:SrcEpoch', parts?.[1]],
    ['aquasecurity:trivy:SrcName', name],
    ['aquasecurity:trivy:SrcRelease', parts?.[3]],
    ['aquasecurity:trivy:SrcVersion', parts?.[2] ?? version],
  ];
}

/** The pairs that have a value. */
export function listed(pairs: readonly (readonly [name: string, value?: string | undefined])[]): CdxProperty[] {
  return pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}
