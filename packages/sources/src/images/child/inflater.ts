import { createInflateRaw } from 'node:zlib';
import { isalInflater } from './isal.ts';
import { StreamUnpacker } from './stream-unpacker.ts';
import { type Inflater, OUTPUT_CHUNK, type Use } from './unpacker.ts';

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
