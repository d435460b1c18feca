import { Image } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { parseSbom } from './index.ts';

const IMAGE = `sha256:${'ab'.repeat(32)}`;
const LAYER = `sha256:${'cd'.repeat(32)}`;

async function read(document: unknown, name = 'shop.sbom'): Promise<Image> {
  const { image, unknowns } = await parseSbom(typeof document === 'string' ? document : JSON.stringify(document), name);
  expect(unknowns).toEqual([]);
  return Image.parse(image);
}

const reference = (referenceLocator: string) => ({ referenceType: 'purl', referenceLocator });
const relation = (spdxElementId: string, relationshipType: string, relatedSpdxElement: string, comment?: string) => ({
  spdxElementId,
  relationshipType,
  relatedSpdxElement,
  comment,
});
const spdx = (packages: object[], relationships: object[] = [], more: object = {}) => ({
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'shop',
  packages,
  relationships,
  ...more,
});

describe('SPDX', () => {
  it('of Trivy: image, distribution, layers and source packages', async () => {
    const image = await read(
      spdx(
        [
          {
            SPDXID: 'SPDXRef-ContainerImage-1',
            name: 'shop.tar.gz',
            attributionTexts: [`ImageID: ${IMAGE}`, `DiffID: ${LAYER}`, 'RepoTag: ghcr.io/shop/cart:1'],
          },
          { SPDXID: 'SPDXRef-OperatingSystem-1', name: 'debian', versionInfo: '12.5' },
          {
            SPDXID: 'SPDXRef-Package-1',
            name: 'libssl3',
            versionInfo: '3.0.11-1',
            sourceInfo: 'built package from: openssl 3.0.11-1',
            licenseDeclared: 'LicenseRef-1',
            annotations: [{ comment: `LayerDiffID: ${LAYER}` }],
            externalRefs: [reference('pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12.5')],
          },
        ],
        [relation('SPDXRef-DOCUMENT', 'DESCRIBES', 'SPDXRef-ContainerImage-1')],
        { hasExtractedLicensingInfos: [{ licenseId: 'LicenseRef-1', extractedText: 'OpenSSL' }] },
      ),
    );
    expect(image).toMatchObject({
      id: IMAGE,
      references: ['ghcr.io/shop/cart:1'],
      layers: [{ diffId: LAYER }],
      distribution: { ecosystem: 'Debian:12', versionId: '12.5' },
      unknowns: [],
    });
    expect(image.components).toMatchObject([
      { name: 'libssl3', source: { name: 'openssl', version: '3.0.11-1' }, layer: LAYER, licences: ['OpenSSL'] },
    ]);
  });

  it('of Syft: files, owners and what packages need', async () => {
    const found = (database: string, path: string) => `acquired package info from ${database}: ${path}`;
    const image = await read(
      spdx(
        [
          {
            SPDXID: 'SPDXRef-A',
            name: 'python3-rpm',
            sourceInfo: found('RPM DB', '/var/lib/rpm/rpmdb.sqlite'),
            externalRefs: [reference('pkg:rpm/redhat/python3-rpm@4-1.el9?distro=rhel-9.6')],
          },
          {
            SPDXID: 'SPDXRef-B',
            name: 'rpm',
            sourceInfo: found('installed python package manifest file', '/usr/lib/rpm.egg-info'),
            externalRefs: [reference('pkg:pypi/rpm@4')],
          },
        ],
        [
          relation('SPDXRef-A', 'OTHER', 'SPDXRef-B', 'ownership-by-file-overlap: indicates that'),
          relation('SPDXRef-A', 'DEPENDENCY_OF', 'SPDXRef-B'),
          relation('SPDXRef-A', 'CONTAINS', 'SPDXRef-File-1'),
          relation('SPDXRef-A', 'CONTAINS', 'SPDXRef-File-2'),
        ],
        {
          files: [
            { SPDXID: 'SPDXRef-File-1', fileName: '/usr/lib64/rpm.so' },
            { SPDXID: 'SPDXRef-File-2', fileName: '/usr/share/doc/rpm/README' },
          ],
        },
      ),
    );
    const [owner, owned] = image.components;
    expect(owner).toMatchObject({ path: '/var/lib/rpm/rpmdb.sqlite', files: ['/usr/lib64/rpm.so'] });
    expect(owned).toMatchObject({ path: '/usr/lib/rpm.egg-info', ownedBy: owner?.id, dependsOn: [owner?.id] });
  });

  it('in tags and values: texts of several lines, licences, annotations and the line of what is unknown', async () => {
    const image = await read(`SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Image

PackageName: shop
SPDXID: SPDXRef-Image
PrimaryPackagePurpose: CONTAINER
PackageComment: <text>PackageName: not a package
PackageVersion: 7</text>

PackageName: musl
SPDXID: SPDXRef-musl
PackageVersion: 1.2.3-r0
PackageLicenseDeclared: LicenseRef-1
ExternalRef: PACKAGE-MANAGER purl pkg:apk/alpine/musl@1.2.3-r0?distro=alpine-3.16.0
Annotator: Tool: trivy
AnnotationComment: LayerDiffID: ${LAYER}
SPDXREF: SPDXRef-musl

PackageName: mystery
SPDXID: SPDXRef-mystery
PackageVersion: 1

LicenseID: LicenseRef-1
ExtractedText: <text>MIT-like</text>
`);
    expect(image.components).toMatchObject([
      { name: 'musl', layer: LAYER, licences: ['MIT-like'], ecosystem: 'Alpine:v3.16' },
      { name: 'mystery', version: '1', guessedFrom: 'manifest' },
    ]);
    expect(image.unknowns).toMatchObject([{ code: 'component-without-purl', place: { line: 22 } }]);
  });

  it.each(['sbom', 'SPDX'])('inside of an object is found: %s', async (key) => {
    const document = spdx([{ name: 'a', externalRefs: [reference('pkg:npm/a@1')] }]);
    expect((await read({ [key]: document })).components).toMatchObject([{ name: 'a' }]);
  });

  it('in YAML keeps versions as texts', async () => {
    const image = await read(
      'spdxVersion: SPDX-2.3\npackages:\n- SPDXID: a\n  name: a\n  versionInfo: 1.10\n  externalRefs:\n  - referenceType: purl\n    referenceLocator: pkg:npm/a\n',
    );
    expect(image.components).toMatchObject([{ name: 'a', version: '1.10', ecosystem: 'npm' }]);
  });

  it('in RDF finds packages wherever they are mentioned first', async () => {
    const image =
      await read(`<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <spdx:SpdxDocument rdf:about="http://x#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion>
      <spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
      <spdx:relatedSpdxElement><spdx:Package rdf:about="http://x#SPDXRef-a"><spdx:name>a</spdx:name><spdx:versionInfo>1</spdx:versionInfo>
      <spdx:licenseDeclared rdf:resource="http://spdx.org/licenses/MIT"/>
      <spdx:externalRef><spdx:ExternalRef><spdx:referenceType rdf:resource="http://spdx.org/rdf/references/purl"/>
      <spdx:referenceLocator>pkg:npm/a@1</spdx:referenceLocator></spdx:ExternalRef></spdx:externalRef>
      <spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/>
      <spdx:relatedSpdxElement><spdx:Package rdf:about="http://x#SPDXRef-b"><spdx:name>b</spdx:name>
      <spdx:externalRef><spdx:ExternalRef><spdx:referenceType rdf:resource="http://spdx.org/rdf/references/purl"/>
      <spdx:referenceLocator>pkg:npm/b@2</spdx:referenceLocator></spdx:ExternalRef></spdx:externalRef></spdx:Package></spdx:relatedSpdxElement>
      </spdx:Relationship></spdx:relationship></spdx:Package></spdx:relatedSpdxElement></spdx:Relationship></spdx:relationship>
      </spdx:SpdxDocument></rdf:RDF>`);
    expect(image.components.find(({ name }) => name === 'a')).toMatchObject({
      version: '1',
      licences: ['MIT'],
      dependsOn: ['pkg:npm/b@2'],
    });
  });

  it('3.0: packages with purls, licences and what they need', async () => {
    const license = {
      spdxId: 'l',
      type: 'simplelicensing_LicenseExpression',
      simplelicensing_licenseExpression: 'MIT',
    };
    const image = await read({
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [
        { spdxId: 'd', type: 'SpdxDocument', rootElement: ['s'], name: 'shop' },
        { spdxId: 's', type: 'software_Package', name: 'shop', software_primaryPurpose: 'container' },
        { spdxId: 'a', type: 'software_Package', name: 'a', software_packageUrl: 'pkg:npm/a@1' },
        {
          spdxId: 'b',
          type: 'software_Package',
          name: 'b',
          externalIdentifier: [{ externalIdentifierType: 'packageUrl', identifier: 'pkg:npm/b@2' }],
        },
        license,
        { type: 'Relationship', relationshipType: 'dependsOn', from: 'a', to: ['b'] },
        { type: 'Relationship', relationshipType: 'hasDeclaredLicense', from: 'a', to: ['l'] },
      ],
    });
    expect(image.components).toMatchObject([
      { name: 'a', version: '1', licences: ['MIT'], dependsOn: ['pkg:npm/b@2'] },
      { name: 'b', version: '2' },
    ]);
  });
});

describe('CycloneDX in XML', () => {
  it('is read as JSON is', async () => {
    const image = await read(`<?xml version="1.0"?>
      <bom xmlns="http://cyclonedx.org/schema/bom/1.5"><metadata><component type="container"><name>ghcr.io/shop/cart:1</name>
      <version>${IMAGE}</version></component></metadata><components>
      <component type="library" bom-ref="a"><name>a</name><purl>pkg:npm/a@1</purl><scope>excluded</scope>
      <licenses><license><id>MIT</id></license><expression>A OR B</expression></licenses>
      <properties><property name="aquasecurity:trivy:LayerDiffID">${LAYER}</property></properties>
      <evidence><occurrences><occurrence><location>/app/package.json</location></occurrence></occurrences></evidence>
      <components><component type="library" bom-ref="b"><name>b</name><purl>pkg:npm/b@2</purl></component></components>
      </component></components><dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies></bom>`);
    expect(image).toMatchObject({ manifestDigests: [IMAGE], references: ['ghcr.io/shop/cart:1'] });
    expect(image.components).toMatchObject([
      {
        name: 'a',
        development: true,
        licences: ['MIT', 'A OR B'],
        layer: LAYER,
        path: '/app/package.json',
        dependsOn: ['pkg:npm/b@2'],
      },
      { name: 'b' },
    ]);
    expect(image.unknowns).toEqual([]);
  });
});

describe('an attestation', () => {
  const bom = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'a', purl: 'pkg:npm/a@1' }] };
  const statement = (predicate: unknown, predicateType = 'https://cyclonedx.org/bom') => ({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType,
    subject: [{ name: 'ghcr.io/shop/cart', digest: { sha256: 'ab'.repeat(32) } }],
    predicate,
  });
  const payload = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
  const envelope = (value: unknown) => ({ payloadType: 'application/vnd.in-toto+json', payload: payload(value) });

  it.each([
    ['a statement', statement(bom)],
    ['an envelope', envelope(statement(bom))],
    ['a bundle', { mediaType: 'application/vnd.dev.sigstore.bundle+json', dsseEnvelope: envelope(statement(bom)) }],
    ['a document as text', envelope(statement({ Data: JSON.stringify(bom) }))],
    ['SPDX', statement(spdx([{ name: 'a', externalRefs: [reference('pkg:npm/a@1')] }]), 'https://spdx.dev/Document')],
  ])('is unwrapped, and names the image: %s', async (_, document) => {
    expect(await read(document)).toMatchObject({
      references: ['ghcr.io/shop/cart'],
      manifestDigests: [IMAGE],
      components: [{ id: 'pkg:npm/a@1' }],
    });
  });

  it('among others is found, and what was not read is told', async () => {
    const provenance = envelope(statement({}, 'https://slsa.dev/provenance/v1'));
    const lines = [envelope(statement(bom)), provenance, envelope(statement(bom))];
    const { unknowns, components } = await read(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(components).toHaveLength(1);
    expect(unknowns).toMatchObject([{ code: 'sbom-several' }]);
  });

  it('of something that is no SBOM, or that holds another attestation, is an unknown', async () => {
    for (const predicate of [7, { Data: 'x' }, { Data: JSON.stringify(statement(bom)) }]) {
      const { image, unknowns } = await parseSbom(JSON.stringify(statement(predicate)), 's');
      expect([image, unknowns.length]).toEqual([undefined, 1]);
    }
  });
});
