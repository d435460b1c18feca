import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Component, type Image } from '@breakwater/model';
import { cycloneDx, spdx } from '@breakwater/outputs/formats';
import { parseSbom } from '@breakwater/sources/sboms';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

const TIME = '2026-11-22T00:00:00.000Z';
const RECORDED = '../shared/inventories/sbom';
const SCHEMAS = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);

/** The official schema of CycloneDX 1.6, with the schemas that it refers to. */
function cycloneDxValidator() {
  const schema = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  ajv.addSchema(schema('spdx.SNAPSHOT.schema.json'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
  ajv.addSchema(schema('jsf-0.82.SNAPSHOT.schema.json'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
  return ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));
}

const purl = 'pkg:rpm/redhat/openssl-libs@1:1.0.2k-16.el7?arch=x86_64&epoch=1&upstream=openssl-1.0.2k-16.el7.src.rpm';
const system = Component.parse({
  id: purl,
  type: 'rpm',
  name: 'openssl-libs',
  version: '1:1.0.2k-16.el7',
  purl,
  source: { name: 'openssl', version: '1.0.2k-16.el7' },
  vendor: 'Red Hat, Inc.',
  licences: ['OpenSSL', 'GPLv2+ with exceptions'],
  path: '/var/lib/rpm/Packages',
  layer: `sha256:${'0f'.repeat(32)}`,
  files: ['/usr/lib64/libssl.so.10'],
  dependsOn: [],
});
const image: Image = {
  id: `sha256:${'ab'.repeat(32)}`,
  source: 'oci-layout',
  target: 'shop.tar',
  references: ['registry.example:5000/shop/cart:1'],
  manifestDigests: [`sha256:${'cd'.repeat(32)}`],
  platform: { os: 'linux', architecture: 'amd64' },
  distribution: { id: 'centos', versionId: '7', name: 'CentOS Linux 7 (Core)' },
  layers: [{ diffId: `sha256:${'0f'.repeat(32)}`, size: 1, createdBy: 'ADD file:1 in /' }],
  components: [
    system,
    Component.parse({
      ...{ id: 'pkg:npm/a@1', type: 'npm', name: 'a', version: '1', purl: 'pkg:npm/a@1', path: '/a/package-lock.json' },
      ...{ licences: ['MIT OR Apache-2.0'], line: 7, ownedBy: purl, dependsOn: [purl], development: true },
    }),
    Component.parse({
      ...{ id: 'pkg:generic/nginx', type: 'generic', name: 'nginx', version: '', purl: 'pkg:generic/nginx', path: '' },
      ...{ licences: ['see LICENSE'], cpes: ['cpe:2.3:a:f5:nginx:1.21.1:*:*:*:*:*:*:*', 'cpe:2.3:a:x:y'] },
    }),
  ],
  fileCount: 9,
  unknowns: [{ code: 'archive-truncated', message: 'Layer 3 ends early', place: { source: 'shop.tar' } }],
};

async function recorded(): Promise<Image[]> {
  if (!existsSync(RECORDED)) return [];
  const names = [
    'cyclonedx/trivy-fluentd-image.cdx.json',
    'syft-json/syft-alpine-2.syft.json',
    'spdx/konflux-go-builder.spdx.json',
  ];
  const images = await Promise.all(
    names.map(async (name) => (await parseSbom(readFileSync(join(RECORDED, name), 'utf8'), name)).image),
  );
  return images.filter((each) => each !== undefined);
}

describe('documents that we write', () => {
  it('are valid by the official schema of CycloneDX 1.6', async () => {
    const validate = cycloneDxValidator();
    for (const each of [image, { ...image, components: [] }, ...(await recorded())]) {
      const document = cycloneDx({ image: each, time: TIME, toolVersion: '1.0.0', matches: [] });
      expect(validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors, each.target).toEqual([]);
    }
    expect(validate({ ...cycloneDx({ image, time: TIME, toolVersion: '1' }), specVersion: 7 })).toBe(false);
  });

  it('have every field that SPDX 2.3 requires, ids that are valid and unique, and relationships between them', async () => {
    for (const each of [image, { ...image, components: [] }, ...(await recorded())]) {
      const document = JSON.parse(JSON.stringify(spdx({ image: each, time: TIME, toolVersion: '1.0.0' })));
      expect(faults(document), each.target).toEqual([]);
    }
    const broken = JSON.parse(JSON.stringify(spdx({ image, time: TIME, toolVersion: '1' })));
    delete broken.packages[1].downloadLocation;
    expect(faults(broken)).toHaveLength(1);
  });
});

interface SpdxDocument {
  [field: string]: unknown;
  creationInfo: { created: string; creators: string[] };
  packages: Record<string, unknown>[];
  relationships: Record<string, string>[];
  hasExtractedLicensingInfos?: Record<string, string>[];
}

const RELATIONSHIPS = new Set(['DESCRIBES', 'CONTAINS', 'DEPENDS_ON', 'OTHER']);
const PURPOSES = new Set(['CONTAINER', 'OPERATING-SYSTEM', 'LIBRARY']);

/** What the clauses of SPDX 2.3 that a schema holds find missing or malformed. */
function faults(document: SpdxDocument): string[] {
  const { packages, relationships, hasExtractedLicensingInfos = [], creationInfo } = document;
  const ids = new Set(['SPDXRef-DOCUMENT', ...packages.map((item) => String(item['SPDXID']))]);
  const licences = new Set(hasExtractedLicensingInfos.map(({ licenseId }) => licenseId));
  const referred = packages.flatMap(
    (item) => String(item['licenseDeclared']).match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? [],
  );
  const required = ['spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace', 'creationInfo'];
  return [
    ...required.filter((field) => !document[field]),
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(creationInfo.created) ? [] : ['created']),
    ...(creationInfo.creators.every((creator) => /^(?:Tool|Organization|Person): ./.test(creator)) ? [] : ['creators']),
    ...(ids.size === packages.length + 1 ? [] : ['ids are not unique']),
    ...packages.flatMap(packageFaults),
    ...relationships
      .filter(({ spdxElementId = '', relatedSpdxElement = '', relationshipType = '' }) => {
        return !ids.has(spdxElementId) || !ids.has(relatedSpdxElement) || !RELATIONSHIPS.has(relationshipType);
      })
      .map((item) => JSON.stringify(item)),
    ...referred.filter((licence) => !licences.has(licence)),
    ...hasExtractedLicensingInfos.filter(({ extractedText }) => !extractedText).map(({ licenseId = '' }) => licenseId),
  ];
}

function packageFaults(item: Record<string, unknown>): string[] {
  const name = String(item['name']);
  const annotations = (item['annotations'] ?? []) as Record<string, string>[];
  return [
    ...['SPDXID', 'name', 'downloadLocation'].filter((field) => !item[field]).map((field) => `${name}: ${field}`),
    ...(/^SPDXRef-[A-Za-z0-9.-]+$/.test(String(item['SPDXID'])) ? [] : [`${name}: id`]),
    ...(PURPOSES.has(String(item['primaryPackagePurpose'])) ? [] : [`${name}: purpose`]),
    ...annotations
      .filter(({ annotationDate, annotationType, annotator, comment }) => {
        return !annotationDate || annotationType !== 'OTHER' || !annotator?.startsWith('Tool: ') || !comment;
      })
      .map((annotation) => `${name}: ${JSON.stringify(annotation)}`),
  ];
}
