import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { matchComponents } from '@breakwater/engine/matching';
import { AdvisoryRow, Component, formatPurl, Image, type Purl, packageName } from '@breakwater/model';
import { cycloneDx, spdx } from '@breakwater/outputs/formats';
import { parseSbom } from '@breakwater/sources/sboms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookupOf } from './minidb/rows.ts';

const TIME = '2026-11-22T00:00:00.000Z';

const FORMATS = { CycloneDX: cycloneDx, SPDX: spdx };
type Format = keyof typeof FORMATS;
const formats = Object.keys(FORMATS) as Format[];

/** Writes an image and reads it again. */
async function through(format: Format, image: Image): Promise<Image> {
  const document = FORMATS[format]({ image, time: TIME, toolVersion: '0' });
  const { image: again } = await parseSbom(JSON.stringify(document), image.target);
  return Image.parse(again);
}

const byId = (components: readonly Component[]) => [...components].sort((a, b) => (a.id < b.id ? -1 : 1));
const LAYER = `sha256:${'0f'.repeat(32)}`;

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
    licences: fc.uniqueArray(
      fc.oneof(word, fc.constantFrom('MIT', 'GPL-2.0', 'MIT OR Apache-2.0', 'GPLv2+ and LGPLv2+ with exceptions')),
      { maxLength: 3 },
    ),
    path: fc.constantFrom('/var/lib/dpkg/status', '/app/node_modules/a/package.json', 'package-lock.json'),
    layer: maybe(fc.constant(LAYER)),
    vendor: maybe(fc.constantFrom('Red Hat, Inc.', 'Debian')),
    modularityLabel: maybe(fc.constantFrom('nodejs:14:8060:ad008a3a', 'perl:5.26')),
    relationship: maybe(fc.constantFrom<NonNullable<Component['relationship']>[]>('root', 'direct', 'indirect')),
    guessedFrom: maybe(fc.constantFrom<NonNullable<Component['guessedFrom']>[]>('manifest', 'file-name', 'text')),
    sha1: maybe(fc.constant('0a'.repeat(20))),
    line: maybe(fc.integer({ min: 1, max: 9999 })),
    cpes: maybe(fc.constant(['cpe:2.3:a:f5:nginx:1.21.1:*:*:*:*:*:*:*'])),
    symbols: maybe(fc.constant([{ path: 'net/http', names: ['Get', 'Server.Serve'] }])),
    files: fc.uniqueArray(
      word.map((name) => `/usr/bin/${name}`),
      { maxLength: 4 },
    ),
    scope: fc.constantFrom<Component['scope'][]>('installed', 'locked'),
    development: fc.boolean(),
  })
  .map(({ epoch, scopeName, source, ...rest }) => {
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
    const stated = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as typeof rest;
    return Component.parse({
      ...stated,
      id: text,
      purl: text,
      name: packageName(purl),
      version: full,
      ...(rest.type !== 'generic' && { ecosystem: 'Debian:12' }),
      ...(source && isSystem && { source }),
    });
  });

/** Ties each component to the next: what it needs, who brought it. */
function related(components: readonly Component[]): Component[] {
  return components.map((item, index): Component => {
    const next = components[index + 1]?.id;
    if (next === undefined) return { ...item, dependsOn: [] };
    return index % 2 === 0 ? { ...item, dependsOn: [next], ownedBy: next } : item;
  });
}

function imageOf(components: Component[]): Image {
  return {
    id: `sha256:${'ab'.repeat(32)}`,
    source: 'docker-archive',
    target: 'shop.tar',
    references: ['shop/cart:1'],
    manifestDigests: [`sha256:${'cd'.repeat(32)}`],
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
    config: {
      user: '10001',
      entrypoint: ['/bin/sh', '-c', ''],
      command: ['run', 'run'],
      exposedPorts: ['80/tcp'],
      environment: ['PATH'],
      labels: { maintainer: 'shop' },
    },
    distribution: {
      id: 'openeuler',
      versionId: '22.03',
      codename: 'LTS-SP3',
      name: 'openEuler 22.03 (LTS-SP3)',
      pointRelease: '22.03.3',
      like: ['fedora', 'rhel'],
      ecosystem: 'openEuler:22.03-LTS-SP3',
    },
    layers: [
      { diffId: LAYER, digest: `sha256:${'1f'.repeat(32)}`, size: 7, createdBy: 'RUN apt-get install "a" # b' },
      { diffId: `sha256:${'2f'.repeat(32)}`, size: 0 },
    ],
    base: { name: 'docker.io/library/debian:12', layers: 1, evidence: 'history', confidence: 'low' },
    components,
    fileCount: 3,
    unknowns: [],
  };
}

describe.each(formats)('an image written as %s and read again', (format) => {
  it('is the same: components, owners, needs, layers, module labels, config, distribution', async () => {
    const images = fc.uniqueArray(component, { selector: ({ id }) => id, minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(images, async (components) => {
        const image = imageOf(related(components));
        const again = await through(format, image);
        expect(byId(again.components)).toEqual(byId(image.components));
        const { components: _components, source: _source, ...about } = image;
        expect(again).toMatchObject(about);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a package that is there twice as two', async () => {
    const [one] = fc.sample(component, { numRuns: 1, seed: 1 });
    if (!one) throw new Error('no component');
    const components = [one, { ...one, id: `${one.purl}#/other`, path: '/other' }];
    expect(byId((await through(format, imageOf(components))).components)).toEqual(byId(components));
  });

  it('still says what could not be read', async () => {
    const unknowns = [{ code: 'archive-truncated', message: 'Layer 3 ends early', place: { source: 'shop.tar' } }];
    const again = await through(format, { ...imageOf([]), unknowns });
    expect(again.unknowns).toContainEqual(unknowns[0]);
  });

  it('gets the same verdicts', async () => {
    const purl = 'pkg:rpm/redhat/nodejs@1:14.1-1.el8?epoch=1';
    const shared = { architecture: 'x86_64', path: '/var/lib/rpm/Packages', ecosystem: 'Red Hat:enterprise_linux:8' };
    const system = Component.parse({
      ...shared,
      id: purl,
      type: 'rpm',
      name: 'nodejs',
      version: '1:14.1-1.el8',
      purl,
      source: { name: 'nodejs', version: '14.1-1.el8' },
      modularityLabel: 'nodejs:14:8060:ad008a3a',
    });
    const npm = { type: 'npm', name: 'npm', version: '6.0.0', purl: 'pkg:npm/npm@6.0.0', ecosystem: 'npm' };
    const owned = Component.parse({ ...npm, id: npm.purl, path: '/usr/lib/npm/package.json', ownedBy: purl });
    const row = (fields: Partial<AdvisoryRow>, fixed: string): AdvisoryRow =>
      AdvisoryRow.parse({
        id: 'CVE-2026-1',
        cves: ['CVE-2026-1'],
        aliases: ['CVE-2026-1'],
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
        versions: [],
        withdrawn: false,
        summary: '',
        severity: 'high',
        source: 'test',
        confidence: 'high',
        ...fields,
      });
    const lookup = lookupOf([
      row({ ecosystem: shared.ecosystem, package: 'nodejs', module: 'nodejs:14' }, '1:14.2-1.el8'),
      row({ id: 'GHSA-1', cves: [], aliases: ['GHSA-1'], ecosystem: 'npm', package: 'npm' }, '7.0.0'),
    ]);
    const image = imageOf([system, owned]);
    const verdicts = (list: readonly Component[]) => matchComponents(byId(list), lookup);
    const expected = verdicts(image.components);
    expect(expected.matches).toHaveLength(2);
    expect(verdicts((await through(format, image)).components)).toEqual(expected);
  });

  const real = '../shared/inventories/sbom/cyclonedx';
  it.skipIf(!existsSync(real))('holds for real documents of other tools (needs ../shared/inventories)', async () => {
    for (const name of readdirSync(real)) {
      const { image } = await parseSbom(readFileSync(`${real}/${name}`, 'utf8'), name);
      if (!image) throw new Error(`${name} was not read`);
      const again = await through(format, image);
      expect(byId(again.components), name).toEqual(byId(image.components));
      expect(again.distribution, name).toEqual(image.distribution);
    }
  });
});
