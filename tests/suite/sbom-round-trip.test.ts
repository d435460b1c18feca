import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Component, formatPurl, type Image, type Purl, packageName } from '@breakwater/model';
import { cycloneDx } from '@breakwater/outputs/formats';
import { parseCycloneDx } from '@breakwater/sources/sboms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const TIME = '2026-11-22T00:00:00.000Z';

function throughCycloneDx(image: Image): Image | undefined {
  return parseCycloneDx(JSON.stringify(cycloneDx({ image, time: TIME, toolVersion: '0' })), image.target).image;
}

const byId = (components: readonly Component[]) => [...components].sort((a, b) => (a.id < b.id ? -1 : 1));

const word = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,12}$/);
const version = fc.stringMatching(/^[1-9][0-9a-z.+~-]{0,10}$/);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const component: fc.Arbitrary<Component> = fc
  .record({
    type: fc.constantFrom<Component['type'][]>('deb', 'apk', 'rpm', 'npm', 'maven', 'golang', 'gem', 'generic'),
    name: word,
    version,
    epoch: maybe(fc.nat(9)),
    scopeName: maybe(word),
    source: maybe(fc.record({ name: word, version })),
    architecture: maybe(fc.constantFrom('amd64', 'arm64')),
    licences: fc.uniqueArray(word, { maxLength: 3 }),
    path: fc.constantFrom('/var/lib/dpkg/status', '/app/node_modules/a/package.json', 'package-lock.json'),
    layer: maybe(fc.constant(`sha256:${'0f'.repeat(32)}`)),
    files: fc.uniqueArray(
      word.map((name) => `/usr/bin/${name}`),
      { maxLength: 4 },
    ),
    scope: fc.constantFrom<Component['scope'][]>('installed', 'locked'),
    development: fc.boolean(),
  })
  .map(({ epoch, scopeName, source, architecture, layer, ...rest }) => {
    const isSystem = ['deb', 'apk', 'rpm'].includes(rest.type);
    const full = epoch !== undefined && isSystem && rest.type !== 'apk' ? `${epoch}:${rest.version}` : rest.version;
    const namespace = isSystem ? 'debian' : scopeName;
    const purl: Purl = {
      type: rest.type,
      ...(namespace && { namespace }),
      name: rest.name,
      version: full,
      qualifiers: isSystem ? { distro: 'debian-12' } : {},
    };
    const text = formatPurl(purl);
    return {
      ...rest,
      id: text,
      purl: text,
      name: packageName(purl),
      version: full,
      ...(rest.type !== 'generic' && { ecosystem: 'Debian:12' }),
      ...(source && isSystem && { source }),
      ...(architecture && { architecture }),
      ...(layer && { layer }),
    };
  });

function imageOf(components: Component[]): Image {
  return {
    id: `sha256:${'ab'.repeat(32)}`,
    source: 'docker-archive',
    target: 'shop.tar',
    references: ['shop/cart:1'],
    manifestDigests: [`sha256:${'cd'.repeat(32)}`],
    distribution: { id: 'debian', versionId: '12', name: 'debian 12', ecosystem: 'Debian:12' },
    layers: [],
    components,
    fileCount: 0,
    unknowns: [],
  };
}

describe('an image written as CycloneDX and read again', () => {
  it('has the same components, digests, references and distribution', () => {
    fc.assert(
      fc.property(fc.uniqueArray(component, { selector: ({ id }) => id, minLength: 1, maxLength: 8 }), (components) => {
        const image = imageOf(components);
        const again = throughCycloneDx(image);
        expect(byId(again?.components ?? [])).toEqual(byId(components));
        const { id, references, manifestDigests, distribution, unknowns } = image;
        expect(again).toMatchObject({ id, references, manifestDigests, distribution, unknowns });
      }),
    );
  });

  it('keeps a package that is there twice as two', () => {
    const [one] = fc.sample(component, { numRuns: 1, seed: 1 });
    if (!one) throw new Error('no component');
    const components = [one, { ...one, id: `${one.purl}#/other`, path: '/other' }];
    expect(byId(throughCycloneDx(imageOf(components))?.components ?? [])).toEqual(byId(components));
  });

  it('still says what could not be read', () => {
    const unknowns = [{ code: 'archive-truncated', message: 'Layer 3 ends early', place: { source: 'shop.tar' } }];
    const again = throughCycloneDx({ ...imageOf([]), unknowns });
    expect(again?.unknowns).toContainEqual(unknowns[0]);
  });

  const real = '../shared/inventories/sbom/cyclonedx';
  it.skipIf(!existsSync(real))('holds for real documents of other tools (needs ../shared/inventories)', () => {
    for (const name of readdirSync(real).filter((each) => each.endsWith('.cdx.json'))) {
      const { image } = parseCycloneDx(readFileSync(`${real}/${name}`, 'utf8'), name);
      const again = image && throughCycloneDx(image);
      expect(byId(again?.components ?? []), name).toEqual(byId(image?.components ?? []));
    }
  });
});
