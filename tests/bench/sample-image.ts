import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { endOfArchive, padding, writeHeader } from '../../packages/sources/src/images/tar/write-header.ts';

/** What a made image holds. */
export interface SampleSize {
  layers: number;
  /** Debian packages, and files of each. */
  packages: number;
  filesPerPackage: number;
  /** npm packages. */
  npm: number;
  /** Bytes of each package's files. */
  fileSize: number;
}

/** A program text that deflates about as well as a real one: a third is noise, the rest repeats. */
const noise = randomBytes(1024 * 1024);
const words = Buffer.from('the quick brown library calls a function with two arguments and returns '.repeat(16_384));

/** Writes a docker-archive whose layers are plain or gzip, and returns its size in bytes. */
export function writeSampleImage(path: string, size: SampleSize, packed: boolean): number {
  const file = openSync(path, 'w');
  let written = 0;
  const write = (name: string, bytes: Buffer): void => {
    for (const part of [writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length)]) {
      written += writeSync(file, part);
    }
  };
  const diffIds: string[] = [];
  const names: string[] = [];
  for (let layer = 0; layer < size.layers; layer++) {
    const tar = layerOf(size, layer);
    diffIds.push(`sha256:${createHash('sha256').update(tar).digest('hex')}`);
    names.push(`${layer}/layer.tar`);
    write(`${layer}/layer.tar`, packed ? gzipSync(tar, { level: 1 }) : tar);
  }
  const config = Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: diffIds } }),
  );
  write('config.json', config);
  write(
    'manifest.json',
    Buffer.from(JSON.stringify([{ Config: 'config.json', RepoTags: ['sample:1'], Layers: names }])),
  );
  written += writeSync(file, endOfArchive());
  closeSync(file);
  return written;
}

function layerOf(size: SampleSize, layer: number): Buffer {
  const parts: Buffer[] = [];
  const add = (name: string, bytes: Buffer): void => {
    parts.push(writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length));
  };
  const share = Math.ceil(size.packages / size.layers);
  const status: string[] = [];
  for (let index = 0; index < share * (layer + 1); index++) {
    status.push(
      `Package: package-${index}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:2.${index}-1\nDescription: x\n`,
    );
  }
  if (layer === 0) add('etc/os-release', Buffer.from('ID=debian\nVERSION_ID="12"\n'));
  add('var/lib/dpkg/status', Buffer.from(status.join('\n')));
  for (let index = share * layer; index < share * (layer + 1); index++) {
    const paths = Array.from({ length: size.filesPerPackage }, (_, file) => `usr/lib/package-${index}/lib${file}.so`);
    add(`var/lib/dpkg/info/package-${index}.list`, Buffer.from(paths.map((path) => `/${path}\n`).join('')));
    for (const [file, path] of paths.entries()) add(path, content(size.fileSize, index * 31 + file));
  }
  for (let index = 0; index < Math.ceil(size.npm / size.layers); index++) {
    const name = `module-${layer}-${index}`;
    const folder = `app/node_modules/${name}`;
    add(`${folder}/package.json`, Buffer.from(`{"name":"${name}","version":"1.${index}.0","license":"MIT"}`));
    add(`${folder}/index.js`, content(4000, index));
  }
  return Buffer.concat([...parts, endOfArchive()]);
}

function content(size: number, seed: number): Buffer {
  const at = (seed * 7919) % (noise.length / 2);
  const third = Math.floor(size / 3);
  return Buffer.concat([noise.subarray(at, at + third), words.subarray(at, at + size - third)]);
}
