import { createGunzip, createZstdDecompress } from 'node:zlib';

/** How bytes are packed, told by their first ones: media types and file names are not believed. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** 256 KiB instead of Node's 16 doubles the speed of inflating. */
const OUTPUT_CHUNK = 256 * 1024;

/** Needs at least four bytes to tell. */
export function compressionOf(first: Buffer): Compression {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd) return 'zstd';
  return 'none';
}

/** Bytes go in, unpacked bytes come out through a callback. */
export interface Unpacker {
  /** Settles when the bytes are used up and may be overwritten. */
  write(bytes: Buffer): undefined | Promise<void>;
  /** Settles when everything came out. Rejects where the stream is damaged or cut. */
  end(): Promise<void>;
}

/**
 * Unpacks on a thread of its own; `use` runs here while the next piece is unpacked. Several gzip members and several
 * zstd frames are one stream; what follows the last gzip member is ignored, as gzip does.
 */
export function createUnpacker(compression: Compression, use: (bytes: Buffer) => void): Unpacker {
  if (compression === 'none') {
    return {
      write: (bytes) => {
        use(bytes);
        return undefined;
      },
      end: async () => {},
    };
  }
  const options = { chunkSize: OUTPUT_CHUNK };
  const stream = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  let failure: Error | undefined;
  const done = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  const consume = (bytes: Buffer): void => {
    try {
      if (failure === undefined) use(bytes);
    } catch (cause) {
      failure = cause as Error;
      stream.destroy();
    }
  };
  // Deferred, so that the stream starts on its next piece before this one is looked at.
  stream.on('data', (bytes: Buffer) => process.nextTick(consume, bytes));
  return {
    write: async (bytes) => {
      if (stream.destroyed || stream.readableEnded) return;
      await Promise.race([done, new Promise<void>((resolve) => stream.write(bytes, () => resolve()))]);
      if (failure !== undefined) throw failure;
    },
    end: async () => {
      stream.end();
      await done;
      await new Promise((resolve) => process.nextTick(resolve));
      if (failure !== undefined) throw failure;
    },
  };
}

/** Unpacks a whole stream, no faster than it is read. Throws where the stream is damaged or cut. */
export async function* unpack(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const first = await chunks.next();
  if (first.done) return;
  const compression = compressionOf(first.value);
  if (compression === 'none') {
    yield first.value;
    yield* chunks;
    return;
  }
  const options = { chunkSize: OUTPUT_CHUNK };
  const stream = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  const write = (bytes: Buffer): Promise<void> => new Promise((resolve) => stream.write(bytes, () => resolve()));
  const pump = async (): Promise<void> => {
    await write(first.value);
    for await (const chunk of chunks) {
      if (stream.destroyed || stream.readableEnded) return;
      await write(chunk);
    }
    stream.end();
  };
  pump().catch((cause: Error) => stream.destroy(cause));
  yield* stream as AsyncIterable<Buffer>;
}
