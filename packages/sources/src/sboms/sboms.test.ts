import { Image } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseObject } from './bill/fields.ts';
import { imageOf } from './bill/image-of.ts';
import { cycloneDxBill } from './cyclonedx/parse-cyclonedx.ts';
import type { SbomReading } from './sbom-reading.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const bom = (components: unknown, more: object = {}) =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more });
function parseCycloneDx(text: string, source: string): Pick<SbomReading, 'image' | 'unknowns'> {
  const document = parseObject(text);
  if (document === undefined) return { unknowns: [{ code: 'sbom-invalid', message: 'no object', place: { source } }] };
  return imageOf(cycloneDxBill(document, source), { source, content: text });
}
const read = (components: unknown, more: object = {}) => {
  const { image } = parseCycloneDx(bom(components, more), 'shop.cdx.json');
  if (!image) throw new Error('not read');
  return Image.parse(image);
};
const library = (purl: string, more: object = {}) => ({ type: 'library', name: 'x', purl, ...more });
const one = (purl: string, more: object = {}) => read([library(purl, more)]).components[0];

describe('packages of an SBOM', () => {
  it.each([
    ['pkg:deb/debian/mount@2.38.1-5?arch=amd64&distro=debian-12.4&epoch=1', 'mount', '1:2.38.1-5', 'Debian:12'],
    ['pkg:deb/debian/mount@1:2.38.1-5?distro=debian-12&package-id=7', 'mount', '1:2.38.1-5', 'Debian:12'],
    ['pkg:deb/debian/mount@1%3A2.38.1-5?distro=bookworm', 'mount', '1:2.38.1-5', 'Debian:12'],
    ['pkg:deb/ubuntu/bash@5.1?distro=ubuntu-22.04', 'bash', '5.1', 'Ubuntu:22.04:LTS'],
    ['pkg:deb/ubuntu/bash@5.1?distro=ubuntu-23.10', 'bash', '5.1', 'Ubuntu:23.10'],
    ['pkg:apk/alpine/musl@1.2.3-r0?distro=3.16.0', 'musl', '1.2.3-r0', 'Alpine:v3.16'],
    ['pkg:apk/alpine/musl@1.2.3-r0?distro=alpine-3.16.0', 'musl', '1.2.3-r0', 'Alpine:v3.16'],
    ['pkg:npm/%40babel/core@7.0.0', '@babel/core', '7.0.0', 'npm'],
    ['pkg:npm/%40babel%2Fcore@7.0.0', '@babel/core', '7.0.0', 'npm'],
    ['pkg:maven/org.slf4j/slf4j-api@1.7?type=jar', 'org.slf4j:slf4j-api', '1.7', 'Maven'],
    ['pkg:golang/github.com/ProtonMail/bridge@v1.8.0', 'github.com/ProtonMail/bridge', 'v1.8.0', 'Go'],
    ['pkg:pypi/Flask@2', 'flask', '2', 'PyPI'],
    ['pkg:generic/openssl@1.1.1', 'openssl', '1.1.1', undefined],
    ['pkg:alpine/musl@1.2.3-r0?distro=alpine-3.16.0', 'musl', '1.2.3-r0', 'Alpine:v3.16'],
    ['pkg:conda/pip@22.2', 'pip', '22.2', undefined],
    ['pkg:k8s/k8s.io%2Fkubelet@1.27.4', 'k8s.io/kubelet', '1.27.4', undefined],
  ])('%s is %s %s of %s', (purl, name, version, ecosystem) => {
    const found = one(purl);
    expect([found?.name, found?.version, found?.ecosystem]).toEqual([name, version, ecosystem]);
  });

  it('of a document of ours that names no ecosystem at all are judged as their purls say', () => {
    const properties = [{ name: 'breakwater:image:id', value: DIGEST }];
    const metadata = { component: { type: 'container', name: 'shop', 'bom-ref': 'image', properties } };
    const entry = (purl: string, more: object = {}) => library(purl, { 'bom-ref': purl, version: '1', ...more });
    const deb = entry('pkg:deb/debian/mount@1?distro=debian-12');
    const npm = entry('pkg:npm/left-pad@1');
    expect(read([deb, npm], { metadata }).components.map(({ ecosystem }) => ecosystem)).toEqual(['Debian:12', 'npm']);
    const said = { ...deb, properties: [{ name: 'breakwater:ecosystem', value: 'Debian:12' }] };
    expect(read([said, npm], { metadata }).components.map(({ ecosystem }) => ecosystem)).toEqual([
      'Debian:12',
      undefined,
    ]);
  });

  it('of Trivy and Syft get the same purl', () => {
    const trivy = one('pkg:deb/debian/mount@2.38.1-5?arch=amd64&distro=debian-12&epoch=1');
    const syft = one('pkg:deb/debian/mount@1%3A2.38.1-5?arch=amd64&distro=debian-12&package-id=0f');
    expect(trivy?.purl).toBe('pkg:deb/debian/mount@1:2.38.1-5?arch=amd64&distro=debian-12');
    expect(syft?.purl).toBe(trivy?.purl);
  });

  it.each([
    [
      {
        'aquasecurity:trivy:SrcName': 'util-linux',
        'aquasecurity:trivy:SrcVersion': '2.38.1',
        'aquasecurity:trivy:SrcRelease': '5',
        'aquasecurity:trivy:SrcEpoch': '1',
      },
      '',
      { name: 'util-linux', version: '1:2.38.1-5' },
    ],
    [
      { 'aquasecurity:trivy:SrcName': 'a', 'aquasecurity:trivy:SrcVersion': '2', 'aquasecurity:trivy:SrcEpoch': '0' },
      '',
      { name: 'a', version: '2' },
    ],
    [{}, '?upstream=util-linux', { name: 'util-linux', version: '9-1' }],
    [{}, '?upstream=util-linux%401:2.38', { name: 'util-linux', version: '1:2.38' }],
    [{ 'syft:metadata:source': 'b', 'syft:metadata:sourceVersion': '3' }, '', { name: 'b', version: '3' }],
    [{ 'syft:metadata:originPackage': 'c' }, '', { name: 'c', version: '9-1' }],
    [{}, '', undefined],
  ])('have the source package from %j%s', (properties, query, expected) => {
    const list = Object.entries(properties).map(([name, value]) => ({ name, value }));
    expect(one(`pkg:deb/debian/x@9-1${query}`, { properties: list })?.source).toEqual(expected);
  });

  it('of RPM have it from the name of the source package', () => {
    expect(one('pkg:rpm/rhel/openssl-libs@1.0.2k-16.el7?epoch=1&upstream=openssl-1.0.2k-16.el7.src.rpm')).toMatchObject(
      {
        version: '1:1.0.2k-16.el7',
        source: { name: 'openssl', version: '1.0.2k-16.el7' },
      },
    );
  });

  it('of RPM have epoch and module where ours have them, whoever wrote the document', () => {
    const trivy = one('pkg:rpm/redhat/node@14.1-1.el8?distro=redhat-8.9&epoch=1&modularitylabel=nodejs:14:1:a');
    const syft = one('pkg:rpm/redhat/node@14.1-1.el8?distro=rhel-8.9&epoch=1&rpmmod=nodejs:14:1:a');
    for (const found of [trivy, syft]) {
      expect(found).toMatchObject({
        version: '1:14.1-1.el8',
        modularityLabel: 'nodejs:14:1:a',
        ecosystem: 'Red Hat:enterprise_linux:8',
      });
    }
    expect(syft?.purl).toBe('pkg:rpm/redhat/node@1:14.1-1.el8?distro=rhel-8.9&epoch=1&rpmmod=nodejs:14:1:a');
    const properties = [{ name: 'aquasecurity:trivy:Modularitylabel', value: 'perl:5.26:1:b' }];
    expect(one('pkg:rpm/redhat/perl@5-1.el8', { properties })?.modularityLabel).toBe('perl:5.26:1:b');
  });

  it('without a purl are guessed by CPE, by the database they were found in, or by name', () => {
    const guess = (more: object) => read([{ type: 'library', name: 'x', version: '1.2-r3', ...more }]).components[0];
    expect(guess({ name: 'nginx', version: '', cpe: 'cpe:2.3:a:f5:nginx:1.21.1' })).toMatchObject({
      type: 'generic',
      version: '1.21.1',
      ecosystem: 'NVD',
      cpes: ['cpe:2.3:a:f5:nginx:1.21.1:*:*:*:*:*:*:*'],
      guessedFrom: 'manifest',
    });
    expect(guess({ cpe: 'cpe:/a:f5:nginx:1.21.1' })?.cpes).toEqual(['cpe:2.3:a:f5:nginx:1.21.1:*:*:*:*:*:*:*']);
    expect(guess({ properties: [{ name: 'syft:package:type', value: 'java-archive' }] })).toMatchObject({
      type: 'maven',
      ecosystem: 'Maven',
      guessedFrom: 'manifest',
    });
    expect(guess({})).toMatchObject({ type: 'generic', purl: 'pkg:generic/x@1.2-r3', guessedFrom: 'manifest' });
  });

  it('with a purl keep no CPE names where their ecosystem has advisories of its own', () => {
    expect(one('pkg:npm/a@1', { cpe: 'cpe:2.3:a:a:a:1:*:*:*:*:*:*:*' })?.cpes).toBeUndefined();
  });

  it('have what they need, and the lock file that lists them', () => {
    const lock = {
      type: 'application',
      name: 'app/package-lock.json',
      'bom-ref': 'lock',
      properties: [{ name: 'aquasecurity:trivy:Type', value: 'npm' }],
    };
    const [a, b] = ['a', 'b'].map((name) => library(`pkg:npm/${name}@1`, { 'bom-ref': name }));
    const dependencies = [
      { ref: 'lock', dependsOn: ['a'] },
      { ref: 'a', dependsOn: ['b', 'missing'] },
      { ref: 'b', dependsOn: ['a', 'b'] },
    ];
    expect(read([lock, a, b], { dependencies }).components).toMatchObject([
      { path: 'app/package-lock.json', dependsOn: ['pkg:npm/b@1'] },
      { path: 'app/package-lock.json', dependsOn: ['pkg:npm/a@1'] },
    ]);
  });

  it('nested in others are found too', () => {
    const image = read([
      library('pkg:npm/a@1', { components: [library('pkg:npm/b@1', { components: [library('pkg:npm/c@1')] })] }),
    ]);
    expect(image.components.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('at several paths are several components, listed twice at one path they are one', () => {
    const at = (location: string) => library('pkg:npm/a@1', { evidence: { occurrences: [{ location }] } });
    expect(read([at('/x'), at('/y'), at('/x'), at('/y')]).components.map(({ id }) => id)).toEqual([
      'pkg:npm/a@1',
      'pkg:npm/a@1#/y',
    ]);
  });

  it('installed by npm own their folder, so that opened files say that they are used', () => {
    const properties = [{ name: 'aquasecurity:trivy:FilePath', value: 'app/node_modules/a/package.json' }];
    const image = read([library('pkg:npm/a@1', { properties })], {
      metadata: { component: { type: 'container', name: 'shop' } },
    });
    expect(image.components[0]).toMatchObject({
      path: '/app/node_modules/a/package.json',
      files: ['/app/node_modules/a/'],
    });
  });
});

describe('the image of an SBOM', () => {
  const properties = [
    { name: 'aquasecurity:trivy:ImageID', value: DIGEST },
    { name: 'aquasecurity:trivy:RepoDigest', value: `ghcr.io/shop/cart@sha256:${'cd'.repeat(32)}` },
    { name: 'aquasecurity:trivy:RepoTag', value: 'ghcr.io/shop/cart:1' },
  ];

  it('is known by its digests and references, so that workloads can be tied to it', () => {
    const image = read([], { metadata: { component: { type: 'container', name: 'cart.tar', properties } } });
    expect(image).toMatchObject({
      id: DIGEST,
      references: ['ghcr.io/shop/cart:1'],
      manifestDigests: [`sha256:${'cd'.repeat(32)}`],
      source: 'sbom',
      target: 'shop.cdx.json',
    });
  });

  it.each([
    [{ type: 'container', name: 'alpine:3', version: DIGEST }],
    [{ type: 'container', name: 'alpine:3', purl: `pkg:oci/alpine@${DIGEST.replace(':', '%3A')}?repository_url=x` }],
  ])('takes the digest from %j', (component) => {
    expect(read([], { metadata: { component } })).toMatchObject({
      manifestDigests: [DIGEST],
      references: ['alpine:3'],
    });
  });

  it('has the distribution of the operating-system component, which also counts for packages that name none', () => {
    const image = read([{ type: 'operating-system', name: 'debian', version: '10.2' }, library('pkg:deb/debian/a@1')]);
    expect(image.distribution).toMatchObject({ id: 'debian', versionId: '10.2', ecosystem: 'Debian:10' });
    expect(image.components[0]?.ecosystem).toBe('Debian:10');
  });

  it('has the same id for the same content only', () => {
    expect(read([library('pkg:npm/a@1')]).id).toBe(read([library('pkg:npm/a@1')]).id);
    expect(read([library('pkg:npm/a@1')]).id).not.toBe(read([library('pkg:npm/a@2')]).id);
  });
});

describe('what an SBOM does not say', () => {
  it.each([
    [{ type: 'application', name: 'Nginx', version: '1.21' }, 'component-without-purl', 1],
    [library('invalid-purl-format'), 'component-purl-invalid', 1],
    [library('pkg:npm/a'), 'component-without-version', 1],
    [7, 'component-invalid', 0],
    [{ type: 'library' }, 'component-invalid', 0],
  ])('%j is the unknown %s with its place', (component, code, components) => {
    const image = read([library('pkg:npm/good@1'), component]);
    expect(image.components).toHaveLength(1 + components);
    expect(image.unknowns).toMatchObject([{ code, place: { source: 'shop.cdx.json', pointer: ['components', 1] } }]);
  });

  it('is told when it lists no package at all', () => {
    expect(read([{ type: 'file', name: '/etc/passwd' }]).unknowns).toMatchObject([{ code: 'sbom-without-packages' }]);
  });

  it('is bounded and counted', () => {
    const image = read(Array.from({ length: 3000 }, () => 7));
    expect(image.unknowns).toHaveLength(1001);
  });

  it('does not make reading throw, whatever the document holds', () => {
    const keys = [
      'type',
      'name',
      'purl',
      'version',
      'components',
      'properties',
      'licenses',
      'evidence',
      '__proto__',
      'value',
    ];
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.constant('pkg:npm/a@1'),
        fc.integer(),
        fc.constant(null),
        tie('object'),
        fc.array(tie('value')),
      ),
      object: fc.dictionary(fc.constantFrom(...keys), tie('value')),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          tree.object.map((value) => bom([value], { metadata: value })),
          fc.string(),
        ),
        (text) => {
          const { image, unknowns } = parseCycloneDx(text, 's');
          expect(
            image ? Image.parse(image).unknowns.length + image.components.length : unknowns.length,
          ).toBeGreaterThan(0);
        },
      ),
    );
    expect('polluted' in {}).toBe(false);
  });

  it('at any depth of nesting', () => {
    const open = '{"name":"a","components":[';
    const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${open.repeat(3000)}${']}'.repeat(3000)}]}`;
    expect(parseCycloneDx(text, 's').image?.unknowns.map(({ code }) => code)).toContain('sbom-too-large');
  });
});
