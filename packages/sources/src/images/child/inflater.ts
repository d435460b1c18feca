import { createInflateRaw } from 'node:zlib';
import { isalInflater } from './isal.ts';
import { StreamUnpacker } from './stream-unpacker.ts';
import { OUTPUT_CHUNK, type Use } from './unpacker.ts';

/** Inflates one stream of deflate (RFC 1951) that ends by itself. */
export interface Inflater {
  /**
   * Settles when the bytes may be overwritten: with what follows the end of the stream, or undefined where it goes on.
   * Rejects where the stream is damaged, after what came out before.
   */
  write(bytes: Buffer): Promise<Buffer | undefined>;
  /** Settles when everything came out, also of a stream that is cut. Nothing is written after it. */
  close(): Promise<void>;
}

/** The fastest there is on this machine: ISA-L where it was found, else Node's own. */
export const openInflater = async (use: Use): Promise<Inflater> => (await isalInflater(use)) ?? new ZlibInflater(use);

/** Node's own, on a thread of its own. */
export class ZlibInflater implements Inflater {
  readonly #inflate = createInflateRaw({ chunkSize: OUTPUT_CHUNK });
  readonly #unpacker: StreamUnpacker;

  constructor(use: Use) {
    this.#unpacker = new StreamUnpacker(this.#inflate, use);
  }

  async write(bytes: Buffer): Promise<Buffer | undefined> {
    const before = this.#inflate.bytesWritten;
    await this.#unpacker.write(bytes);
    const used = this.#inflate.bytesWritten - before;
    if (used === bytes.length && !this.#unpacker.ended) return undefined;
    await this.close();
    return bytes.subarray(used);
  }

  async close(): Promise<void> {
    try {
      await this.#unpacker.end();
    } catch (cause) {
      // A stream that is cut: whoever writes knows that it did not end.
      if ((cause as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw cause;
    }
  }
}
