import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Image, Unknown } from '@breakwater/model';
import { readZip, unpack } from '../../../packages/sources/src/ecosystems/zip/zip-archive.ts';
import { type ReadRequest, readTarget } from '../../../packages/sources/src/images/child/read-target.ts';
import { digestOf } from '../../../packages/sources/src/images/child/resolve-images.ts';
import { TarError } from '../../../packages/sources/src/images/tar/header.ts';
import { TarReader } from '../../../packages/sources/src/images/tar/tar-reader.ts';
import { endOfArchive, padding, writeHeader } from '../../../packages/sources/src/images/tar/write-header.ts';
import type { FuzzTarget, Seed } from '../target.ts';

/** Archives and documents of images. */
export const imageTargets: FuzzTarget[] = [
  {
    name: 'tar',
    seeds: () => [{ label: 'layer', bytes: layer() }],
    parse({ bytes }) {
      const entries: string[] = [];
      const reader = new TarReader((entry) => {
        entries.push(entry.name);
        if (entry.size < 0 || !Number.isSafeInteger(entry.size)) throw new Error(`entry of ${entry.size} bytes`);
        return { write: () => undefined, end: () => undefined };
      });
      try {
        reader.push(Buffer.from(bytes));
        reader.finish();
      } catch (error) {
        if (!(error instanceof TarError)) throw error;
      }
    },
  },
  {
    name: 'zip',
    seeds: () => [{ label: 'archive', bytes: SMALL_ZIP }],
    parse({ bytes }) {
      const archive = readZip(Buffer.from(bytes));
      for (const entry of (archive?.entries ?? []).slice(0, 100)) unpack(archive!, entry, 1024 * 1024);
    },
    floor: 1000,
  },
  {
    name: 'image-archive',
    seeds: () => archives(),
    parse: ({ bytes }) => readAsArchive(Buffer.from(bytes)),
    floor: 3000,
    perKib: 20,
  },
  {
    name: 'image-documents',
    seeds: () => DOCUMENTS.map((label) => ({ label, bytes: documents()[label]! })),
    parse({ label, bytes }) {
      const content = { ...documents(), [label]: Buffer.from(bytes) };
      const entries = Object.entries(content).map(([name, document]) => [name, document.toString('base64')]);
      return read(
        { target: 'fuzz', opened: { kind: 'registry', files: [], documents: Object.fromEntries(entries) } },
        [],
      );
    },
    labelOf: (path) => (/\.json$/.test(path) ? 'index.json' : undefined),
  },
];

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const DOCUMENTS = ['index.json', 'manifest.json', 'blobs/manifest', 'blobs/config'] as const;

/** A zip of one stored file. */
const SMALL_ZIP = Buffer.from(
  'UEsDBAoAAAAAAAAAIQCsKpPYAgAAAAIAAAABAAAAYWhpUEsBAh4DCgAAAAAAAAAhAKwqk9gCAAAAAgAAAAEAAAAAAAAAAAAAAKSBAAAAAGFQSwUGAAAAAAEAAQAvAAAAIQAAAAAA',
  'base64',
);

function tar(files: Record<string, string | Buffer>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content as string);
    return [writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length)];
  });
  return Buffer.concat([...parts, endOfArchive()]);
}

function layer(): Buffer {
  return Buffer.concat([
    writeHeader({ name: 'usr/lib/', type: 'folder' }),
    writeHeader({ name: 'lib', type: 'symbolic-link', link: 'usr/lib' }),
    writeHeader({ name: `${'a/'.repeat(100)}long`, type: 'file' }),
    tar({
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n',
      'lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\nR:ld.so\n\n',
      'app/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      'app/.wh.gone': '',
    }),
  ]);
}

function documents(): Record<string, Buffer> {
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      config: { Env: ['A=1'], User: 'app', ExposedPorts: { '80/tcp': {} } },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer())] },
      history: [{ created_by: 'COPY . /' }],
    }),
  );
  const described = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: described(CONFIG_TYPE, config),
      layers: [described('application/vnd.oci.image.layer.v1.tar', layer())],
    }),
  );
  const platform = { os: 'linux', architecture: 'amd64' };
  const index = { schemaVersion: 2, manifests: [{ ...described(MANIFEST_TYPE, manifest), platform }] };
  return {
    'index.json': Buffer.from(JSON.stringify(index)),
    'manifest.json': Buffer.from(
      JSON.stringify([{ Config: 'config.json', RepoTags: ['a:1'], Layers: ['0/layer.tar'] }]),
    ),
    [nameOf(manifest)]: manifest,
    [nameOf(config)]: config,
    'blobs/manifest': manifest,
    'blobs/config': config,
  };
}

function nameOf(bytes: Buffer): string {
  return `blobs/sha256/${digestOf(bytes).slice('sha256:'.length)}`;
}

function archives(): Seed[] {
  const { 'index.json': index, 'manifest.json': manifest, ...rest } = documents();
  const blobs = { ...rest, [nameOf(layer())]: layer() };
  const layout = tar({ 'oci-layout': '{"imageLayoutVersion":"1.0.0"}', 'index.json': index!, ...blobs });
  const docker = tar({ 'manifest.json': manifest!, 'config.json': rest['blobs/config']!, '0/layer.tar': layer() });
  const gzipLayer = tar({
    'manifest.json': manifest!,
    'config.json': rest['blobs/config']!,
    '0/layer.tar': gzipSync(layer()),
  });
  return [
    { label: 'OCI layout', bytes: layout },
    { label: 'docker-archive', bytes: docker },
    { label: 'docker-archive with a gzip layer', bytes: gzipLayer },
    { label: 'docker-archive in gzip', bytes: gzipSync(docker) },
    { label: 'root file system', bytes: layer() },
    { label: 'root file system in gzip', bytes: gzipSync(layer()) },
    { label: 'root file system in zstd', bytes: zstdCompressSync(layer()) },
  ];
}

async function readAsArchive(bytes: Buffer): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-image-'));
  const path = join(folder, 'image');
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  try {
    const first = bytes.subarray(0, 64).toString('base64');
    await read({ target: 'fuzz', opened: { kind: 'archive', size: bytes.length, first } }, [file]);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

async function read(request: ReadRequest, files: number[]): Promise<void> {
  const items: unknown[] = [];
  const emit = (item: unknown): void => {
    items.push(item);
  };
  await readTarget(request, { files, emit, emitLater: emit, flush: () => {} });
  let told = 0;
  for (const item of items as { kind: string; image?: unknown; unknown?: unknown }[]) {
    if (item.kind === 'image') Image.parse(item.image);
    if (item.kind === 'unknown') Unknown.parse(item.unknown);
    if (item.kind === 'image' || item.kind === 'unknown') told += 1;
  }
  if (told === 0) throw new Error('neither an image nor an unknown came out');
}
