import { Component, type Image } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { licenceKind } from '../bill/licence.ts';
import { spdx } from './spdx.ts';

const TIME = '2026-11-22T00:00:00.123Z';
const LAYER = `sha256:${'0f'.repeat(32)}`;
const MOUNT = 'pkg:deb/debian/mount@1:2.38.1-5?distro=debian-12&upstream=util-linux';
const mount = Component.parse({
  id: MOUNT,
  type: 'deb',
  name: 'mount',
  version: '1:2.38.1-5',
  purl: MOUNT,
  source: { name: 'util-linux', version: '1:2.38.1-5' },
  licences: ['GPL-2.0-only', 'Debian special'],
  path: '/var/lib/dpkg/status',
  layer: LAYER,
});
const owned = Component.parse({
  ...{ id: 'pkg:npm/a@1', type: 'npm', name: 'a', version: '1', purl: 'pkg:npm/a@1', path: '/a/package.json' },
  ...{ ownedBy: MOUNT, dependsOn: [MOUNT], licences: ['MIT OR Apache-2.0'] },
});
const image: Image = {
  id: `sha256:${'ab'.repeat(32)}`,
  source: 'oci-layout',
  target: 'shop.tar',
  references: ['registry.example:5000/shop/cart:1'],
  manifestDigests: [`sha256:${'cd'.repeat(32)}`],
  distribution: { id: 'debian', versionId: '12', name: 'Debian 12', ecosystem: 'Debian:12' },
  layers: [{ diffId: LAYER, size: 1, createdBy: 'RUN apt-get install mount' }],
  components: [owned, mount],
  fileCount: 3,
  unknowns: [],
};

interface Package {
  SPDXID: string;
  name: string;
  sourceInfo: string;
  licenseDeclared: string;
  attributionTexts: string[];
  annotations: { comment: string }[];
  externalRefs: { referenceLocator: string }[];
}
interface Document {
  documentNamespace: string;
  creationInfo: { created: string };
  packages: Package[];
  relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string; comment?: string }[];
  hasExtractedLicensingInfos: { licenseId: string; extractedText: string }[];
}
const write = (more: object = {}) => spdx({ image, time: TIME, toolVersion: '1', ...more }) as Document;
const written = (name: string, more: object = {}) => write(more).packages.find((item) => item.name === name)!;

describe('an SPDX document', () => {
  it('carries the source package for every reader: in the purl and where Trivy looks for it', () => {
    const found = written('mount');
    expect(found.externalRefs[0]?.referenceLocator).toBe(MOUNT);
    expect(found.sourceInfo).toBe('built package from: util-linux 1:2.38.1-5');
    expect(found.attributionTexts).toContain(`LayerDiffID: ${LAYER}`);
  });

  it('tells the layer and its Dockerfile step, and what was seen while it ran', () => {
    const state = { state: 'executed', lastSeen: TIME, observedDays: 2, reason: 'run' } as const;
    const comments = written('mount', { evidence: new Map([[MOUNT, state]]) }).annotations.map(
      ({ comment }) => comment,
    );
    expect(comments).toContain('breakwater:step: RUN apt-get install mount');
    expect(comments).toContain('breakwater:runtime: executed');
  });

  it('relates image, operating system and packages: what holds, needs and brought what', () => {
    const { relationships } = write();
    const ids = new Map(write().packages.map((item) => [item.SPDXID, item.name]));
    const told = relationships.map(({ spdxElementId, relationshipType, relatedSpdxElement }) => {
      return `${ids.get(spdxElementId)} ${relationshipType} ${ids.get(relatedSpdxElement)}`;
    });
    const cart = 'registry.example:5000/shop/cart:1';
    expect(told.sort()).toEqual(
      [
        `undefined DESCRIBES ${cart}`,
        `${cart} CONTAINS debian`,
        'debian CONTAINS mount',
        `${cart} CONTAINS a`,
        'a DEPENDS_ON mount',
        'mount OTHER a',
      ].sort(),
    );
    expect(relationships.at(-1)?.comment).toMatch(/^ownership-by-file-overlap/);
  });

  it('gives licences that are not on the list an id of its own', () => {
    expect(written('a').licenseDeclared).toBe('MIT OR Apache-2.0');
    expect(written('mount').licenseDeclared).toBe('GPL-2.0-only AND LicenseRef-1-Debian-special');
    expect(write().hasExtractedLicensingInfos).toMatchObject([
      { licenseId: 'LicenseRef-1-Debian-special', extractedText: 'Debian special' },
    ]);
  });

  it('is the same for the same input in any order, with times as SPDX writes them', () => {
    const shuffled = { ...image, components: [mount, owned] };
    expect(JSON.stringify(write({ image: shuffled }))).toBe(JSON.stringify(write()));
    expect(write().creationInfo.created).toBe('2026-11-22T00:00:00Z');
    expect(write({ toolVersion: '2' }).documentNamespace).not.toBe(write().documentNamespace);
  });
});

describe('a licence', () => {
  it.each([
    ['MIT', 'id'],
    ['GPL-2.0', 'id'],
    ['MIT OR Apache-2.0', 'expression'],
    ['GPL-2.0-or-later WITH Classpath-exception-2.0', 'expression'],
    ['GPLv2+', 'name'],
    ['LicenseRef-1', 'name'],
    ['', 'name'],
    [`${'('.repeat(600)}MIT`, 'name'],
  ])('%j is given as %s', (text, kind) => {
    expect(licenceKind(text)).toBe(kind);
  });
});
