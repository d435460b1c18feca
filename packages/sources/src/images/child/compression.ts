import { createZstdDecompress } from 'node:zlib';
import { GzipUnpacker } from './gzip-unpacker.ts';
import { StreamUnpacker } from './stream-unpacker.ts';

/** How bytes are packed, told by their first ones: media types and file names are not believed. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** 256 KiB instead of Node's 16 doubles the speed of inflating. */
export const OUTPUT_CHUNK = 256 * 1024;

/** Needs at least four bytes to tell. */
export function compressionOf(first: Buffer): Compression {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd) return 'zstd';
  return 'none';
}

/** Takes unpacked bytes; a promise holds the unpacking back until it settles. */
export type Use = (bytes: Buffer) => undefined | Promise<void>;

/** Bytes go in, unpacked bytes come out through a `Use`. */
export interface Unpacker {
  /** Settles when the bytes are used up and may be overwritten. Rejects where they are damaged. */
  write(bytes: Buffer): undefined | Promise<void>;
  /** Settles when everything came out. Rejects where the stream is cut. */
  end(): Promise<void>;
}

/** Unpacks on a thread of its own; `use` runs here while the next piece is unpacked. */
export function createUnpacker(compression: Compression, use: Use): Unpacker {
  if (compression === 'gzip') return new GzipUnpacker(use);
  if (compression === 'zstd') return new StreamUnpacker(createZstdDecompress({ chunkSize: OUTPUT_CHUNK }), use);
  return { write: use, end: async () => {} };
}
