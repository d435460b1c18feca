import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ImageSource } from '@breakwater/model';
import { compressionOf } from './child/compression.ts';
import { normalizePath } from './child/layer-contents.ts';
import { BLOCK } from './tar/header.ts';
import { TarReader } from './tar/tar-reader.ts';

/** Bytes from the start of a file that are enough to tell what it is. */
export const ENOUGH = 64 * 1024;
const ENOUGH_PACKED = 8 * 1024;
const MOST_UNPACKED = 16 * 1024 * 1024;

const ROOT_FOLDERS = new Set([
  'bin',
  'boot',
  'dev',
  'etc',
  'home',
  'lib',
  'lib64',
  'opt',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr',
  'var',
]);
const DOCKER_NAME = /^(?:manifest\.json|repositories|(?:sha256:)?[0-9a-f]{64}(?:\/.*|\.json|\.tar(?:\.gz)?)?)$/;

/** Tells an archive by the names of its first entries; undefined where they are those of no image. */
export function sniffArchive(start: Buffer): Exclude<ImageSource, 'sbom' | 'oci-layout'> | undefined {
  const names = firstNames(start);
  const known = names.filter((name) => name !== '');
  if (known.some((name) => name === 'oci-layout' || name === 'index.json' || name.startsWith('blobs/')))
    return 'oci-archive';
  if (known.some((name) => DOCKER_NAME.test(name))) return 'docker-archive';
  return known.some((name) => ROOT_FOLDERS.has(name.split('/')[0]!)) ? 'root-filesystem' : undefined;
}

function firstNames(start: Buffer): string[] {
  const names: string[] = [];
  const reader = new TarReader((entry) => {
    names.push(normalizePath(entry.name) ?? '');
    return undefined;
  });
  try {
    const unpacked = unpackStart(start);
    if (unpacked.length >= BLOCK) reader.push(unpacked);
  } catch {
    return names;
  }
  return names;
}

/** Unpacks what is there of a cut stream, within bounds. */
function unpackStart(start: Buffer): Buffer {
  const compression = compressionOf(start);
  if (compression === 'none') return start;
  const packed = start.subarray(0, ENOUGH_PACKED);
  const options = { maxOutputLength: MOST_UNPACKED };
  if (compression === 'gzip') return gunzipSync(packed, { ...options, finishFlush: constants.Z_SYNC_FLUSH });
  return zstdDecompressSync(packed, { ...options, finishFlush: constants.ZSTD_e_flush });
}
