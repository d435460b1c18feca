import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Image } from '@breakwater/model';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseSbom, readSbom } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'breakwater-hostile-sboms-'));
afterAll(() => rm(folder, { recursive: true }));

/** Whatever comes in, an image that holds to the model or an unknown comes out. */
async function survives(text: string): Promise<void> {
  const { image, unknowns } = await parseSbom(text, 's');
  expect(image ? Image.parse(image).target : unknowns[0]?.place.source).toBe('s');
}

const KEYS = [
  ...['name', 'version', 'purl', 'bom-ref', 'type', 'components', 'properties', 'licenses', 'evidence', 'occurrences'],
  ...['SPDXID', 'versionInfo', 'externalRefs', 'referenceType', 'referenceLocator', 'sourceInfo', 'attributionTexts'],
  ...['annotations', 'comment', 'checksums', 'hasFiles', 'spdxElementId', 'relatedSpdxElement', 'relationshipType'],
  ...['id', 'locations', 'path', 'metadata', 'files', 'cpes', 'parent', 'child', 'value', 'ref', 'dependsOn'],
  ...['spdxId', 'from', 'to', 'software_packageUrl', 'rootElement', 'externalIdentifier', '__proto__', 'constructor'],
];
const TEXTS = [
  ...[
    'pkg:npm/a@1',
    'pkg:deb/debian/a@1?distro=debian-12',
    'pkg:oci/a@sha256:0',
    'cpe:2.3:a:b:c:1',
    'a',
    'b',
    'DESCRIBES',
  ],
  ...[
    'CONTAINS',
    'DEPENDS_ON',
    'GENERATED_FROM',
    'DESCENDANT_OF',
    'OTHER',
    'purl',
    'breakwater:image:id: x',
    'operating-system',
  ],
];
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.constantFrom(...TEXTS),
    fc.string(),
    fc.integer(),
    fc.constant(null),
    tie('object'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie('value')),
}));
const frames: [format: string, frame: (lists: unknown[]) => object][] = [
  [
    'CycloneDX',
    ([components, dependencies, metadata]) => ({ bomFormat: 'CycloneDX', components, dependencies, metadata }),
  ],
  [
    'SPDX',
    ([packages, relationships, files]) => ({
      spdxVersion: 'SPDX-2.3',
      packages,
      relationships,
      files,
      documentDescribes: packages,
    }),
  ],
  ['SPDX 3', ([graph]) => ({ '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': graph })],
  [
    'Syft',
    ([artifacts, artifactRelationships, source]) => ({
      schema: { url: 'https://raw.githubusercontent.com/anchore/syft/main/x' },
      ...{ artifacts, artifactRelationships, source, distro: source },
    }),
  ],
  ['attestation', ([predicate, subject]) => ({ predicateType: 'https://cyclonedx.org/bom', predicate, subject })],
];

describe('documents of strangers', () => {
  it.each(frames)('with any value in any field never make reading throw: %s', async (_, frame) => {
    const lists = fc.array(fc.oneof(value, fc.array(value, { maxLength: 5 })), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(lists, (parts) => survives(JSON.stringify(frame(parts)))),
      { numRuns: 150 },
    );
    expect('polluted' in {}).toBe(false);
  });

  it('in tags, XML and YAML never make reading throw', async () => {
    const tag = fc.constantFrom(
      'PackageName',
      'SPDXID',
      'ExternalRef',
      'Relationship',
      'AnnotationComment',
      'SPDXREF',
      'LicenseID',
      'RelationshipComment',
    );
    const line = fc.tuple(tag, fc.oneof(fc.constantFrom(...TEXTS, '<text>', '</text>'), fc.string()));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.string(), async (lines, rest) => {
        await survives(`SPDXVersion: SPDX-2.3\n${lines.map(([key, text]) => `${key}: ${text}`).join('\n')}`);
        await survives(`spdxVersion: SPDX-2.3\npackages:\n${rest}`);
        await survives(`<bom xmlns="http://cyclonedx.org/schema/bom/1.5">${rest}</bom>`);
        await survives(`<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#">${rest}</rdf:RDF>`);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['deep JSON', `{"bomFormat":"CycloneDX","components":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['deep YAML', `spdxVersion: SPDX-2.3\npackages: ${'['.repeat(50_000)}`],
    ['deep XML', `<bom xmlns="http://cyclonedx.org/schema/bom/1.5">${'<components><component>'.repeat(50_000)}`],
    ['a text without end', `SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>${'a\n'.repeat(200_000)}`],
    ['a tag without end', `<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><a ${'b '.repeat(5_000)}`],
    [
      'many slashes',
      JSON.stringify({ bomFormat: 'CycloneDX', components: [{ name: 'a', purl: `pkg:npm/${'/'.repeat(60_000)}` }] }),
    ],
  ])('of absurd shape are read in time: %s', async (_, text) => {
    const started = performance.now();
    await survives(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('with ids that occur twice keep every package', async () => {
    const packages = ['a', 'b', 'c'].map((name) => ({
      SPDXID: 'SPDXRef-same',
      name,
      externalRefs: [{ referenceType: 'purl', referenceLocator: `pkg:npm/${name}@1` }],
    }));
    const { image } = await parseSbom(JSON.stringify({ spdxVersion: 'SPDX-2.3', packages }), 's');
    expect(image?.components.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('with cycles of what needs, holds and owns what are read once', async () => {
    const packages = ['a', 'b'].map((name) => ({
      SPDXID: name,
      name,
      externalRefs: [{ referenceType: 'purl', referenceLocator: `pkg:npm/${name}@1` }],
    }));
    const relationships = ['DEPENDS_ON', 'CONTAINS', 'OTHER', 'DESCENDANT_OF'].flatMap((relationshipType) =>
      [
        ['a', 'b'],
        ['b', 'a'],
        ['a', 'a'],
      ].map(([spdxElementId, relatedSpdxElement]) => ({
        ...{ spdxElementId, relatedSpdxElement, relationshipType },
        comment: 'ownership-by-file-overlap',
      })),
    );
    const { image } = await parseSbom(JSON.stringify({ spdxVersion: 'SPDX-2.3', packages, relationships }), 's');
    expect(image?.components).toMatchObject([
      { name: 'a', dependsOn: ['pkg:npm/b@1'] },
      { name: 'b', dependsOn: ['pkg:npm/a@1'], ownedBy: 'pkg:npm/a@1' },
    ]);
  });

  it('of many megabytes are read whole behind the wall', { timeout: 120_000 }, async () => {
    const path = join(folder, 'large.cdx.json');
    const components = Array.from({ length: 40_000 }, (_, index) => ({
      type: 'library',
      'bom-ref': `r${index}`,
      name: `p${index}`,
      version: '1',
      purl: `pkg:npm/p${index}@1`,
      properties: [{ name: 'syft:location:0:path', value: `/app/node_modules/p${index}/package.json` }],
    }));
    const dependencies = components.map(({ 'bom-ref': ref }, index) => ({ ref, dependsOn: [`r${index + 1}`, 'r0'] }));
    await writeFile(path, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components, dependencies }));
    const { image, unknowns } = await readSbom(path);
    expect([image?.components.length, image?.unknowns, unknowns]).toEqual([40_000, [], []]);
  });

  it('that take more memory than their size warrants are an unknown', { timeout: 120_000 }, async () => {
    const path = join(folder, 'greedy.cdx.json');
    await writeFile(path, `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${'[],'.repeat(9_000_000)}[]]}`);
    const { image, unknowns } = await readSbom(path);
    expect(image).toBeUndefined();
    expect(unknowns).toMatchObject([{ place: { source: path } }]);
  });
});
