import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { endOfArchive, padding, writeHeader } from '../../../packages/sources/src/images/tar/write-header.ts';
import type { MadeLayer } from './make-layers.ts';

interface Blob {
  digest: string;
  size: number;
}

const CHUNK = 4 * 1024 ** 2;
const CREATED = '2026-01-01T00:00:00Z';

/** Writes the layers as an OCI layout with gzip layers, and tells the digests of the unpacked ones. */
export async function writeLayout(folder: string, layers: MadeLayer[]): Promise<string[]> {
  const blobs = join(folder, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const diffIds: string[] = [];
  const packed: Blob[] = [];
  for (const { path } of layers) {
    const plain = createHash('sha256');
    const whole = createHash('sha256');
    let size = 0;
    const draft = join(folder, 'draft');
    await pipeline(
      createReadStream(path, { highWaterMark: CHUNK }),
      new PassThrough().on('data', (bytes: Buffer) => plain.update(bytes)),
      createGzip(),
      new PassThrough().on('data', (bytes: Buffer) => {
        whole.update(bytes);
        size += bytes.length;
      }),
      createWriteStream(draft),
    );
    const digest = whole.digest('hex');
    renameSync(draft, join(blobs, digest));
    packed.push({ digest: `sha256:${digest}`, size });
    diffIds.push(`sha256:${plain.digest('hex')}`);
  }
  const add = (document: object): Blob => {
    const bytes = Buffer.from(JSON.stringify(document));
    const digest = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, digest), bytes);
    return { digest: `sha256:${digest}`, size: bytes.length };
  };
  const type = (name: string): string => `application/vnd.oci.image.${name}`;
  const config = add(configOf(diffIds, layers));
  const manifest = add({
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: { mediaType: type('config.v1+json'), ...config },
    layers: packed.map((blob) => ({ mediaType: type('layer.v1.tar+gzip'), ...blob })),
  });
  const annotations = { 'org.opencontainers.image.ref.name': 'big' };
  const index = { schemaVersion: 2, manifests: [{ mediaType: type('manifest.v1+json'), ...manifest, annotations }] };
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return diffIds;
}

/** Writes the layers as `docker save` does, unpacked. */
export function writeDockerArchive(path: string, layers: MadeLayer[], diffIds: string[]): void {
  const file = openSync(path, 'w');
  const add = (name: string, bytes: Buffer): void => {
    for (const part of [writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length)]) {
      writeSync(file, part);
    }
  };
  const config = Buffer.from(JSON.stringify(configOf(diffIds, layers)));
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  const names = diffIds.map((diffId) => `${diffId.slice('sha256:'.length)}/layer.tar`);
  for (const [index, layer] of layers.entries()) {
    const { size } = statSync(layer.path);
    writeSync(file, writeHeader({ name: names[index]!, type: 'file', size }));
    copyInto(file, layer.path);
    writeSync(file, padding(size));
  }
  add(configName, config);
  add('manifest.json', Buffer.from(JSON.stringify([{ Config: configName, RepoTags: ['big:1'], Layers: names }])));
  writeSync(file, endOfArchive());
  closeSync(file);
}

function configOf(diffIds: string[], layers: MadeLayer[]): object {
  return {
    created: CREATED,
    os: 'linux',
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['node', '/srv/app'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: layers.map(({ createdBy }) => ({ created: CREATED, created_by: createdBy })),
  };
}

function copyInto(file: number, path: string): void {
  const source = openSync(path, 'r');
  const buffer = Buffer.alloc(CHUNK);
  for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) writeSync(file, buffer, 0, read);
  closeSync(source);
}
