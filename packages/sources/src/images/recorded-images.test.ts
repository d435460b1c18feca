import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { type ImagesRead, readImages } from './read-images.ts';

const root = '../shared/images';
const absent = !existsSync(root);
const load = (path: string): unknown => (absent ? {} : JSON.parse(readFileSync(join(root, path), 'utf8')));
const listed = (folder: string): string[] => (absent ? [] : readdirSync(join(root, folder)));

interface Package {
  name: string;
  version: string;
}

const facts = (packages: Package[]): string[] => packages.map(({ name, version }) => `${name} ${version}`).sort();

describe.skipIf(absent)('recorded images (skipped without ../shared/images)', () => {
  it.each(listed('alpine').filter((name) => name.endsWith('.tar.gz')))(
    'reads the root file system %s',
    async (name) => {
      const expected = load(`alpine/${name.replace('.tar.gz', '.expected.json')}`) as Recorded;
      const { images, unknowns } = await readImages(join(root, 'alpine', name));
      expect(unknowns).toEqual([]);
      holds(images[0], expected);
      expect(images[0]?.id).toBe(expected.diff_id);
      expect(images[0]?.fileCount).toBe(expected.entries!.file + expected.entries!.symlink);
    },
  );

  it.each(listed('docker-archive').filter((name) => name.endsWith('.tar.gz')))(
    'reads the docker-archive %s',
    async (name) => {
      const expected = load(`docker-archive/${name.replace('.tar.gz', '.expected.json')}`) as Recorded;
      const { images, unknowns } = await readImages(join(root, 'docker-archive', name));
      expect(unknowns).toEqual([]);
      holds(images[0], expected);
      expect(images[0]).toMatchObject({
        id: expected.image_id,
        references: expected.repo_tags,
        platform: { architecture: 'amd64' },
      });
      expect(images[0]?.layers.map(({ diffId }) => diffId)).toEqual(expected.diff_ids);
      expect(images[0]?.config?.created).toBe(expected.created);
    },
  );

  const { layouts } = load('oci/expected.json') as { layouts?: Record<string, Layout> };
  it.each(Object.entries(layouts ?? {}))('reads the OCI layout %s', async (name, { manifests }) => {
    const { images, unknowns } = await readImages(join(root, 'oci', name));
    expect(unknowns).toEqual([]);
    expect(images).toHaveLength(manifests.length);
    for (const [index, expected] of manifests.entries()) {
      const image = images[index]!;
      expect(image.id).toBe(expected.config_digest);
      expect(image.manifestDigests).toContain(expected.manifest_digest);
      expect(image.layers.map(({ diffId, digest }) => [diffId, digest])).toEqual([
        [expected.diff_ids[0], expected.layer_digests[0]],
      ]);
      expect(image.platform).toMatchObject({ os: expected.os, architecture: expected.architecture });
      expect(image.fileCount).toBe(expected.files + expected.symlinks + expected.hardlinks);
      expect(image.components.map(({ purl }) => purl)).toEqual(['pkg:generic/busybox@1.38.0']);
      expect(image.unknowns).toEqual([]);
    }
  });

  it('reads the one platform that is asked for', async () => {
    const { images } = await readImages(join(root, 'oci/busybox-1.38.0-musl-multiarch'), { platform: 'linux/arm64' });
    expect(images.map(({ platform }) => platform?.architecture)).toEqual(['arm64']);
  });

  it.each([
    ['zstd-layer', ''],
    ['plain-tar-layer', ''],
    ['two-layers-empty-history', ''],
    ['docker-media-types', ''],
    ['index-with-attestation', ''],
    ['two-tags', ''],
    ['artifact-not-image', 'not-an-image'],
  ])('reads the variant %s', async (name, code) => {
    const expected = (load('oci-variants/expected.json') as { layouts: Record<string, Recorded> }).layouts[name]!;
    const { images, unknowns } = await readImages(join(root, 'oci-variants', name));
    expect(unknowns.map((unknown) => unknown.code)).toEqual(code === '' ? [] : [code]);
    expect(images).toHaveLength(code === '' ? 1 : 0);
    if (code !== '') return;
    expect(facts(images[0]!.components)).toEqual(facts(expected.packages!));
    if (name === 'two-tags') expect(images[0]?.references).toHaveLength(2);
    if (name !== 'two-layers-empty-history') return;
    const layer = images[0]!.components.find((component) => component.name === 'curl')?.layer;
    expect(images[0]!.layers.findIndex(({ diffId }) => diffId === layer)).toBe(1);
    expect(images[0]!.layers[1]?.createdBy).toContain('RUN apk add curl');
  });
});

/** Archives of which something cannot be known: a result without an unknown would be a lie. */
const MUST_NOT_BE_SILENT = new Set([
  'layer-symlink-loop.tar',
  'layer-symlink-read-host.tar',
  'layer-size-lie.tar',
  'layer-negative-size.tar',
  'layer-pax-lie.tar',
  'layer-truncated.tar.gz',
  'layer-bad-crc.tar.gz',
  'layer-zero-bytes.tar',
  'layer-bomb-10gib.tar.gz.gz',
  'layer-package-fields.tar.gz',
  'layer-traversal.tar',
  'scalibr/empty.tar',
]);

describe.skipIf(absent)('hostile images (skipped without ../shared/images)', () => {
  const { files } = load('hostile/expected.json') as { files?: Record<string, Hostile> };
  const archives = Object.entries(files ?? {}).filter(([name]) => !name.endsWith('.jar'));

  it.each(archives)('stays whole on %s', { timeout: 120_000 }, async (name, expected) => {
    const read = await readImages(join(root, 'hostile', name));
    const found = new Set(read.images.flatMap(({ components }) => facts(components)));
    if (expected.packages !== undefined) expect([...found]).toEqual(facts(expected.packages));
    for (const fact of facts(expected.packages_at_least ?? [])) expect(found).toContain(fact);
    for (const canary of expected.canaries ?? []) expect(existsSync(canary), canary).toBe(false);
    if (expected.files !== undefined) expect(read.images[0]?.fileCount).toBe(expected.files);
    if (MUST_NOT_BE_SILENT.has(name)) expect(codes(read), name).not.toEqual([]);
    expect(codes(read)).not.toContain('parser-crashed');
    expect(codes(read)).not.toContain('parser-failed');
  });

  const { layouts } = load('hostile/oci/expected.json') as { layouts?: Record<string, Hostile> };
  it.each(Object.entries(layouts ?? {}))('stays whole on the layout %s', async (name, expected) => {
    const read = await readImages(join(root, 'hostile/oci', name));
    if (expected.packages !== undefined)
      expect(facts(read.images[0]?.components ?? [])).toEqual(facts(expected.packages));
    if (name !== 'config-injection' && name !== 'media-type-lie' && name !== 'index-600-manifests') {
      expect(codes(read)).not.toEqual([]);
    }
    expect(codes(read).filter((code) => code.startsWith('parser-'))).toEqual([]);
  });

  it('reads a layer by its content where the manifest lies about its form', async () => {
    const { layouts } = load('hostile/oci/expected.json') as {
      layouts: Record<string, { packages_or_error: Package[] }>;
    };
    const read = await readImages(join(root, 'hostile/oci/media-type-lie'));
    expect(facts(read.images[0]?.components ?? [])).toEqual(facts(layouts['media-type-lie']!.packages_or_error));
    expect(codes(read)).toEqual([]);
  });

  it('are all tried: nothing lies there that nobody expects', () => {
    const tars = listed('hostile').filter((name) => /\.(?:tar|gz|zst)$/.test(name));
    const scalibr = listed('hostile/scalibr').filter((name) => name.endsWith('.tar'));
    expect(archives.map(([name]) => name)).toEqual(
      expect.arrayContaining([...tars, ...scalibr.map((name) => `scalibr/${name}`)]),
    );
    expect(Object.keys(layouts ?? {}).sort()).toEqual(
      listed('hostile/oci')
        .filter((name) => !name.includes('.'))
        .sort(),
    );
  });

  it('does the work once for an image that is named 600 times', async () => {
    const { images } = await readImages(join(root, 'hostile/oci/index-600-manifests'));
    expect(images).toHaveLength(1);
  });

  it.each([
    ['digest-mismatch', 'digest-mismatch'],
    ['size-mismatch', 'size-mismatch'],
    ['missing-layer', 'layer-missing'],
    ['diff-id-mismatch', 'diff-id-mismatch'],
    ['layer-count-mismatch', 'layer-count-mismatch'],
    ['digest-traversal', 'digest-malformed'],
    ['digest-traversal-algorithm', 'digest-malformed'],
    ['digest-short', 'digest-malformed'],
    ['digest-empty', 'digest-malformed'],
    ['foreign-layer-metadata-address', 'layer-missing'],
    ['foreign-layer-file-url', 'layer-missing'],
    ['index-chain-100', 'layout-too-deep'],
    ['index-not-json', 'index-unreadable'],
    ['index-manifests-null', 'index-unreadable'],
    ['index-huge-size', 'blob-missing'],
  ])('names what is wrong with %s: %s', async (name, code) => {
    expect(codes(await readImages(join(root, 'hostile/oci', name)))).toContain(code);
  });
});

function holds(image: Image | undefined, expected: Recorded): void {
  expect(image?.distribution).toMatchObject({ id: expected.os!.id, versionId: expected.os!.version_id });
  const found = image!.components.map((item) => [item.name, item.version, item.architecture, item.source?.name]).sort();
  expect(found).toEqual(expected.packages!.map((item) => [item.name, item.version, item.arch, item.origin]).sort());
  expect(image?.unknowns).toEqual([]);
}

function codes({ images, unknowns }: ImagesRead): string[] {
  return [...unknowns, ...images.flatMap((image) => image.unknowns)].map(({ code }) => code);
}

interface Recorded {
  os?: { id: string; version_id: string };
  diff_id?: string;
  image_id?: string;
  repo_tags?: string[];
  diff_ids?: string[];
  created?: string;
  entries?: { file: number; symlink: number };
  packages?: (Package & { arch: string; origin: string })[];
}

interface Layout {
  manifests: {
    manifest_digest: string;
    config_digest: string;
    layer_digests: string[];
    diff_ids: string[];
    os: string;
    architecture: string;
    files: number;
    symlinks: number;
    hardlinks: number;
  }[];
}

interface Hostile {
  must: string[];
  packages?: Package[];
  packages_at_least?: Package[];
  canaries?: string[];
  files?: number;
}
