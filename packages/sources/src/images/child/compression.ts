import { createZstdDecompress } from 'node:zlib';
import { GzipUnpacker } from './gzip-unpacker.ts';
import { StreamUnpacker } from './stream-unpacker.ts';
import { OUTPUT_CHUNK, type Unpacker, type Use } from './unpacker.ts';

/** How bytes are packed, told by their first ones: media types and file names are not believed. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** Needs at least four bytes to tell. */
export function compressionOf(first: Buffer): Compression {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd) return 'zstd';
  return 'none';
}

/** Unpacks on a thread of its own; `use` runs here while the next piece is unpacked. */
export function createUnpacker(compression: Compression, use: Use): Unpacker {
  if (compression === 'gzip') return new GzipUnpacker(use);
  if (compression === 'zstd') return new StreamUnpacker(createZstdDecompress({ chunkSize: OUTPUT_CHUNK }), use);
  return { write: use, end: async () => {} };
}
