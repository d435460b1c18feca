import type { Component, Image, VulnerabilityMatch } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { cycloneDx } from './cyclonedx.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const TIME = '2026-11-22T00:00:00.000Z';

const mount: Component = {
  id: 'pkg:deb/debian/mount@1:2.38.1-5?upstream=util-linux',
  type: 'deb',
  name: 'mount',
  version: '1:2.38.1-5',
  purl: 'pkg:deb/debian/mount@1:2.38.1-5?upstream=util-linux',
  ecosystem: 'Debian:12',
  source: { name: 'util-linux', version: '1:2.38.1-5' },
  licences: ['GPL-2.0'],
  path: '/var/lib/dpkg/status',
  files: ['/bin/mount', '/bin/umount'],
  scope: 'installed',
  development: false,
};
const { source: _source, ...withoutSource } = mount;
const core: Component = {
  ...withoutSource,
  id: 'pkg:npm/%40babel/core@7.0.0',
  purl: 'pkg:npm/%40babel/core@7.0.0',
  type: 'npm',
  name: '@babel/core',
  version: '7.0.0',
  ecosystem: 'npm',
  path: '/app/package-lock.json',
  scope: 'locked',
  development: true,
};
const image: Image = {
  id: DIGEST,
  source: 'oci-layout',
  target: 'shop.tar',
  references: ['shop/cart:1'],
  manifestDigests: [`sha256:${'cd'.repeat(32)}`],
  distribution: { id: 'debian', versionId: '12', name: 'Debian 12', ecosystem: 'Debian:12' },
  layers: [],
  components: [mount, core],
  fileCount: 3,
  unknowns: [],
};

function match(component: Component, id: string, more: Partial<VulnerabilityMatch> = {}): VulnerabilityMatch {
  return {
    id,
    aliases: [],
    advisories: ['DSA-1-1'],
    component: component.id,
    componentName: component.name,
    version: component.version,
    purl: component.purl,
    severity: 'high',
    exploitation: { ransomware: false },
    summary: 'A flaw',
    source: 'Debian',
    confidence: 'high',
    reason: 'below 2.0',
    ...more,
  };
}

type Properties = { name: string; value: string }[];
interface Written {
  serialNumber: string;
  metadata: { component: { properties: Properties } };
  components: { 'bom-ref': string; group?: string; name: string; purl: string; properties: Properties }[];
  dependencies: { dependsOn: string[] }[];
  compositions?: object[];
  vulnerabilities?: Entry[];
}
interface Entry {
  recommendation: string;
  ratings: { method: string }[];
  references: { id: string }[];
  affects: { ref: string }[];
}

const write = (more: object = {}) => cycloneDx({ image, time: TIME, toolVersion: '0.1.0', ...more }) as Written;
const written = (name: string, more: object = {}) => write(more).components.find((each) => each.name === name);
const propertyOf = (properties: Properties | undefined, name: string) =>
  properties?.find((property) => property.name === name)?.value;

describe('a CycloneDX document', () => {
  it('says what it is, of which image, by which tool', () => {
    expect(write()).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        timestamp: TIME,
        tools: { components: [{ type: 'application', name: 'breakwater', version: '0.1.0' }] },
        component: { type: 'container', name: 'shop/cart:1', version: `sha256:${'cd'.repeat(32)}` },
      },
    });
    expect(write().serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('is the same for the same input in any order, and another for any other', () => {
    const shuffled = { ...image, components: [core, mount] };
    const matches = [match(mount, 'CVE-2024-2'), match(core, 'CVE-2024-1'), match(core, 'CVE-2024-2')];
    const first = JSON.stringify(write({ matches }));
    expect(JSON.stringify(write({ image: shuffled, matches: [...matches].reverse() }))).toBe(first);
    expect(write({ toolVersion: '0.2.0' }).serialNumber).not.toBe(write().serialNumber);
  });

  it('carries the source package for every reader: in the purl, as Trivy and as we name it', () => {
    const found = written('mount');
    expect(found?.purl).toContain('upstream=util-linux');
    expect(propertyOf(found?.properties, 'aquasecurity:trivy:SrcName')).toBe('util-linux');
    expect(propertyOf(found?.properties, 'aquasecurity:trivy:SrcEpoch')).toBe('1');
    expect(propertyOf(found?.properties, 'aquasecurity:trivy:SrcVersion')).toBe('2.38.1');
    expect(propertyOf(found?.properties, 'aquasecurity:trivy:SrcRelease')).toBe('5');
    expect(propertyOf(found?.properties, 'breakwater:source:version')).toBe('1:2.38.1-5');
  });

  it('keeps scopes and groups as the format has them', () => {
    const found = write().components.find((each) => each.group === '@babel');
    expect(found).toMatchObject({
      name: 'core',
      scope: 'excluded',
      evidence: { occurrences: [{ location: core.path }] },
    });
  });

  it('tells layer, step, module, owner and what was seen while it ran, under names that Trivy reads too', () => {
    const layer = `sha256:${'0f'.repeat(32)}`;
    const layers = [{ diffId: layer, digest: `sha256:${'1f'.repeat(32)}`, size: 1, createdBy: 'RUN dnf install' }];
    const label = 'nodejs:14:8060:ad008a3a';
    const components = [
      { ...mount, layer, modularityLabel: label },
      { ...core, ownedBy: mount.id },
    ];
    const state = { state: 'loaded', observedDays: 1, reason: 'opened' } as const;
    const more = { image: { ...image, layers, components }, evidence: new Map([[mount.id, state]]) };
    const { properties } = written('mount', more) ?? {};
    for (const name of ['breakwater:layer', 'aquasecurity:trivy:LayerDiffID'])
      expect(propertyOf(properties, name)).toBe(layer);
    for (const name of ['breakwater:layer-digest', 'aquasecurity:trivy:LayerDigest'])
      expect(propertyOf(properties, name)).toBe(layers[0]?.digest);
    for (const name of ['breakwater:modularity-label', 'aquasecurity:trivy:Modularitylabel'])
      expect(propertyOf(properties, name)).toBe(label);
    expect(propertyOf(properties, 'breakwater:step')).toBe('RUN dnf install');
    expect(propertyOf(properties, 'breakwater:runtime')).toBe('loaded');
    expect(propertyOf(written('core', more)?.properties, 'breakwater:owned-by')).toBe(mount.id);
  });

  it('writes what packages need, and licences as ids, one expression or names', () => {
    const components = [
      { ...mount, dependsOn: [core.id, 'pkg:npm/elsewhere@1'], licences: ['GPL-2.0', 'GPLv2+'] },
      { ...core, dependsOn: [], licences: ['MIT OR Apache-2.0'] },
    ];
    const found = write({ image: { ...image, components } });
    expect(found.dependencies.slice(1)).toEqual([{ ref: mount.id, dependsOn: [core.id] }, { ref: core.id }]);
    const licences = found.components.map((each) => (each as { licenses?: object[] }).licenses);
    expect(licences).toContainEqual([{ license: { id: 'GPL-2.0' } }, { license: { name: 'GPLv2+' } }]);
    expect(licences).toContainEqual([{ expression: 'MIT OR Apache-2.0' }]);
  });

  it('says that it is incomplete where something could not be read', () => {
    const unknowns = [{ code: 'archive-truncated', message: 'Layer 3 ends early', place: { source: 'shop.tar' } }];
    const found = write({ image: { ...image, unknowns } });
    expect(found.compositions).toEqual([{ aggregate: 'incomplete', assemblies: ['image'] }]);
    const { properties } = found.metadata.component;
    expect(propertyOf(properties, 'breakwater:unknown')).toBe('archive-truncated: Layer 3 ends early');
  });
});

describe('its vulnerabilities', () => {
  const cvss = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const matches = [
    match(mount, 'CVE-2024-1', { aliases: ['GHSA-1'], severity: 'low', fixedVersion: '1:2.39-1' }),
    match(core, 'CVE-2024-1', { severity: 'critical', cvss, score: 9.8, source: 'GitHub' }),
  ];

  it('are absent from a plain SBOM and an empty list where nothing was found', () => {
    expect(write().vulnerabilities).toBeUndefined();
    expect(write({ matches: [] }).vulnerabilities).toEqual([]);
  });

  it('are one entry with all that they affect and the worst rating', () => {
    const [entry, ...others] = write({ matches }).vulnerabilities ?? [];
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      id: 'CVE-2024-1',
      source: { name: 'GitHub' },
      ratings: [{ source: { name: 'GitHub' }, score: 9.8, severity: 'critical', method: 'CVSSv31', vector: cvss }],
      description: 'A flaw',
      affects: [
        { ref: mount.id, versions: [{ version: '1:2.38.1-5', status: 'affected' }] },
        { ref: core.id, versions: [{ version: '7.0.0', status: 'affected' }] },
      ],
    });
    expect(entry?.recommendation).toBe(
      'There is no fixed version of @babel/core 7.0.0 yet. Upgrade mount from 1:2.38.1-5 to 1:2.39-1.',
    );
    expect(entry?.references.map(({ id }) => id)).toEqual(['DSA-1-1', 'GHSA-1']);
  });

  it.each([
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'CVSSv4'],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'CVSSv3'],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 'CVSSv2'],
  ])('name the method of %s', (vector, method) => {
    const [entry] = write({ matches: [match(core, 'CVE-2024-1', { cvss: vector })] }).vulnerabilities ?? [];
    expect(entry?.ratings[0]?.method).toBe(method);
  });

  it('refer only to components of the document', () => {
    const document = write({ matches });
    const refs = new Set(document.components.map((each) => each['bom-ref']));
    for (const { affects } of document.vulnerabilities ?? [])
      for (const { ref } of affects) expect(refs).toContain(ref);
    for (const ref of document.dependencies[0]?.dependsOn ?? []) expect(refs).toContain(ref);
    expect(refs.size).toBe(document.components.length);
  });
});
