import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectImage } from './detect-image.ts';
import { readImages } from './read-images.ts';
import { endOfArchive, padding, writeHeader } from './tar/write-header.ts';

const folder = mkdtempSync(join(tmpdir(), 'images-'));
const sha = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function tar(files: Record<string, string | Buffer>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content as string);
    return [writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length)];
  });
  return Buffer.concat([...parts, endOfArchive()]);
}

const apk = (...packages: string[]): string => packages.map((item) => `P:${item}\nV:1.0-r0\nA:x86_64\n\n`).join('');
const base = tar({ 'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n', 'lib/apk/db/installed': apk('musl', 'zlib') });
const upper = tar({
  'lib/apk/db/installed': apk('musl', 'curl'),
  'app/node_modules/ms/package.json': '{"name":"ms","version":"2.0.0"}',
});
const layers = [base, upper];
const config = Buffer.from(
  JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    config: { User: 'app', Env: ['TOKEN=hidden', 'PATH=/bin'], ExposedPorts: { '80/tcp': {} }, Cmd: ['sleep', '1'] },
    rootfs: { type: 'layers', diff_ids: layers.map(sha) },
    history: [
      { created_by: 'ADD base' },
      { created_by: 'ENV TOKEN', empty_layer: true },
      { created_by: 'RUN apk add curl' },
    ],
  }),
);

function dockerArchive(): Buffer {
  const name = sha(config).slice(7);
  const manifest = [{ Config: `${name}.json`, RepoTags: ['shop:1'], Layers: ['0/layer.tar', '1/layer.tar'] }];
  return tar({
    '0/layer.tar': base,
    '1/layer.tar': upper,
    [`${name}.json`]: config,
    'manifest.json': JSON.stringify(manifest),
  });
}

/** An OCI layout as path to content, with layers packed by `pack`. */
function layout(
  pack: (bytes: Buffer) => Buffer,
  change: (files: Record<string, Buffer>) => void = () => {},
): Record<string, Buffer> {
  const blobs = layers.map(pack);
  const files: Record<string, Buffer> = { 'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}') };
  const add = (bytes: Buffer): { digest: string; size: number } => {
    files[`blobs/${sha(bytes).replace(':', '/')}`] = bytes;
    return { digest: sha(bytes), size: bytes.length };
  };
  const manifest = Buffer.from(
    JSON.stringify({
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...add(config) },
      layers: blobs.map((bytes) => add(bytes)),
    }),
  );
  const index = { manifests: [{ ...add(manifest), annotations: { 'org.opencontainers.image.ref.name': 'shop:1' } }] };
  files['index.json'] = Buffer.from(JSON.stringify(index));
  change(files);
  return files;
}

function write(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function writeFolder(name: string, files: Record<string, Buffer | string>): string {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), bytes);
  }
  return join(folder, name);
}

const blobPath = (bytes: Buffer): string => `blobs/${sha(bytes).replace(':', '/')}`;

describe('any folder', () => {
  it('is read as a root file system where it is named so', async () => {
    writeFolder('build', { 'app/node_modules/ms/package.json': Buffer.from('{"name":"ms","version":"2.0.0"}') });
    const path = join(folder, 'build');
    expect(await detectImage(path)).toBe(undefined);
    const { images, unknowns } = await readImages(`rootfs:${path}`);
    expect(unknowns).toEqual([]);
    expect(images.map(({ source, components }) => [source, ...components.map(({ purl }) => purl)])).toEqual([
      ['root-filesystem', 'pkg:npm/ms@2.0.0'],
    ]);
  });
});

describe('readImages', () => {
  const plain = (bytes: Buffer): Buffer => bytes;
  it.each([
    ['docker-archive', () => write('docker.tar', dockerArchive())],
    ['docker-archive', () => write('docker.tar.gz', gzipSync(dockerArchive()))],
    ['oci-layout', () => writeFolder('plain', layout(plain))],
    [
      'oci-layout',
      () =>
        writeFolder(
          'gzip',
          layout((bytes) => gzipSync(bytes)),
        ),
    ],
    [
      'oci-layout',
      () =>
        writeFolder(
          'zstd',
          layout((bytes) => zstdCompressSync(bytes)),
        ),
    ],
    ['oci-archive', () => write('oci.tar', tar(layout((bytes) => gzipSync(bytes))))],
    ['oci-archive', () => write('oci.tar.gz', gzipSync(tar(layout((bytes) => gzipSync(bytes)))))],
    ['oci-archive', () => write('oci.tar.zst', zstdCompressSync(tar(layout((bytes) => zstdCompressSync(bytes)))))],
  ])('reads one image from every form of it: %s (%#)', async (source, make) => {
    const target = make();
    expect(await detectImage(target)).toBe(source);
    const { images, unknowns } = await readImages(target);
    expect(unknowns).toEqual([]);
    expect(images).toHaveLength(1);
    const image = images[0]!;
    expect(image).toMatchObject({
      id: sha(config),
      source,
      target,
      references: ['shop:1'],
      fileCount: 3,
      unknowns: [],
    });
    expect(image.distribution?.ecosystem).toBe('Alpine:v3.20');
    expect(image.layers.map(({ diffId, createdBy }) => [diffId, createdBy])).toEqual([
      [sha(base), 'ADD base'],
      [sha(upper), 'RUN apk add curl'],
    ]);
    expect(image.components.map(({ name, layer }) => [name, layer])).toEqual([
      ['musl', sha(base)],
      ['curl', sha(upper)],
      ['ms', sha(upper)],
    ]);
  });

  it('keeps names of environment variables and leaves their values', async () => {
    const { images } = await readImages(write('config.tar', dockerArchive()));
    expect(images[0]?.config).toEqual({
      user: 'app',
      entrypoint: [],
      command: ['sleep', '1'],
      exposedPorts: ['80/tcp'],
      environment: ['TOKEN', 'PATH'],
      labels: {},
    });
  });

  it('tells progress a layer at a time', async () => {
    const seen: number[] = [];
    await readImages(write('progress.tar', dockerArchive()), {
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    expect(seen).toEqual([0.5, 1]);
  });

  it('reads a root filesystem folder without following its links to the host', async () => {
    const target = writeFolder('root', {
      'usr/lib/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n',
      'lib/apk/db/installed': apk('musl'),
    });
    mkdirSync(join(target, 'etc'));
    mkdirSync(join(target, 'var/lib'), { recursive: true });
    symlinkSync('../usr/lib/os-release', join(target, 'etc/os-release'));
    symlinkSync('/var/lib/dpkg', join(target, 'var/lib/dpkg'));
    expect(await detectImage(target)).toBe('root-filesystem');
    const { images, unknowns } = await readImages(target);
    expect(unknowns).toEqual([]);
    expect(images[0]?.components.map(({ purl }) => purl)).toEqual([
      'pkg:apk/alpine/musl@1.0-r0?arch=x86_64&distro=alpine-3.20.3',
    ]);
    expect(images[0]?.unknowns).toEqual([]);
  });

  it('follows a data base that is a link to a file nobody asked for by name', async () => {
    const link = writeHeader({ name: 'etc/os-release', type: 'symbolic-link', link: '/nix/store/release' });
    const linked = Buffer.concat([
      link,
      tar({
        'nix/store/release': 'ID=debian\nVERSION_ID=12\n',
        'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n',
      }),
    ]);
    const { images } = await readImages(write('linked.tar', linked));
    expect(images[0]).toMatchObject({ distribution: { ecosystem: 'Debian:12' }, unknowns: [] });
  });

  it('says of an image without package data bases that nothing could be matched', async () => {
    const { images } = await readImages(write('scratch.tar', tar({ 'bin/program': 'ELF' })));
    expect(images[0]?.unknowns).toMatchObject([{ code: 'nothing-to-match', subject: images[0]?.id }]);
  });

  it('never takes a distribution for judged whose packages are not listed, whatever else is in the image', async () => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/a': { version: '1.0.0' } } });
    const files = {
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux"\n',
      'app/package-lock.json': lock,
    };
    const emptied = { ...files, 'lib/apk/db/installed': '' };
    for (const [name, root] of Object.entries({ 'removed.tar': files, 'emptied.tar': emptied })) {
      const { images } = await readImages(write(name, tar(root)));
      expect(images[0]?.components.map(({ name }) => name)).toEqual(['a']);
      expect(images[0]?.unknowns).toMatchObject([{ code: 'system-unlisted', subject: images[0]?.id }]);
    }
  });

  const packed = gzipSync(upper);
  it.each([
    ['a missing layer', 'layer-missing', (files: Record<string, Buffer>) => delete files[blobPath(packed)]],
    [
      'a damaged layer',
      'digest-mismatch',
      (files: Record<string, Buffer>) => (files[blobPath(packed)] = gzipSync(base)),
    ],
    [
      'a cut layer',
      'layer-damaged',
      (files: Record<string, Buffer>) => (files[blobPath(packed)] = packed.subarray(0, 60)),
    ],
  ])('never calls an image with %s complete', async (_, code, change) => {
    const { images } = await readImages(
      writeFolder(
        code,
        layout((bytes) => gzipSync(bytes), change),
      ),
    );
    expect(images[0]?.unknowns.map((unknown) => unknown.code)).toContain(code);
    expect(images[0]?.components.map(({ name }) => name)).toEqual(['musl', 'zlib']);
  });

  it('opens no blob that is a link out of the layout', async () => {
    const target = writeFolder(
      'escape',
      layout(
        (bytes) => gzipSync(bytes),
        (files) => delete files[blobPath(packed)],
      ),
    );
    symlinkSync(write('outside', packed), join(target, blobPath(packed)));
    const { images, unknowns } = await readImages(target);
    expect(unknowns).toMatchObject([{ code: 'blob-refused' }]);
    expect(images[0]?.unknowns.map(({ code }) => code)).toContain('layer-missing');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['an empty archive', endOfArchive()],
    ['noise', Buffer.from('x'.repeat(5000))],
    ['a manifest that is no list', tar({ 'manifest.json': '{}' })],
  ])('reads no image from %s, and says so', async (_, bytes) => {
    const { images, unknowns } = await readImages(write('none.tar', bytes));
    expect(images).toEqual([]);
    expect(unknowns.length).toBeGreaterThan(0);
  });

  it('says that a target is not there', async () => {
    expect(await detectImage(join(folder, 'nowhere'))).toBeUndefined();
    expect(await readImages(join(folder, 'nowhere'))).toMatchObject({
      images: [],
      unknowns: [{ code: 'target-unreadable' }],
    });
  });

  it.each([
    ['a chart', tar({ 'chart/Chart.yaml': 'name: x' })],
    ['a manifest', Buffer.from('kind: Deployment\n')],
    ['an SBOM', Buffer.from('{"bomFormat":"CycloneDX"}')],
  ])('does not take %s for an image', async (_, bytes) => {
    expect(await detectImage(write('other', bytes))).toBeUndefined();
  });
});
