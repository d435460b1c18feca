import { TarReader } from '../tar/tar-reader.ts';
import { type Compression, compressionOf, createUnpacker } from './compression.ts';
import type { Fault } from './fault.ts';
import { openHash } from './hash-thread.ts';
import { type Budget, LayerContents, type Wanted } from './layer-contents.ts';
import type { Unpacker } from './unpacker.ts';

/** What one pass over a layer's blob tells. */
export interface LayerRead {
  contents: LayerContents;
  compression: Compression;
  /** Digest of the unpacked tar. */
  diffId: string;
  /** Digest of the blob as stored. */
  digest: string;
  /** Bytes of the blob as stored. */
  storedSize: number;
  /** Bytes of the unpacked tar. */
  size: number;
  faults: Fault[];
}

/** Largest layer that is unpacked to its end: more is a bomb, or costs hours. */
const LARGEST_LAYER = 64 * 1024 ** 3;
const ENOUGH_TO_TELL = 4;

/** Reads a layer in one pass: unpacks, hashes both forms, and walks the tar. Bytes are pushed in, in order. */
export class LayerReader {
  readonly #contents: LayerContents;
  readonly #tar: TarReader;
  readonly #unpackedHash = openHash();
  readonly #storedHash = openHash();
  readonly #faults: Fault[] = [];
  #compression: Compression | undefined;
  #unpacker: Unpacker | undefined;
  #first: Buffer = Buffer.alloc(0);
  #storedSize = 0;
  #size = 0;
  #tarStopped = false;
  #stopped = false;

  constructor(wanted: Wanted, budget: Budget) {
    this.#contents = new LayerContents(wanted, budget);
    this.#tar = new TarReader(this.#contents.visit);
  }

  /** Takes the next bytes of the blob; they may be overwritten once the promise settles. Never throws on content. */
  write(bytes: Buffer): undefined | Promise<void> {
    this.#storedSize += bytes.length;
    if (this.#compression === undefined) {
      this.#first = this.#first.length === 0 ? bytes : Buffer.concat([this.#first, bytes]);
      if (this.#first.length < ENOUGH_TO_TELL) {
        this.#first = Buffer.from(this.#first);
        return undefined;
      }
      return this.#begin();
    }
    return this.#feed(bytes);
  }

  /** After the last byte. */
  async finish(): Promise<LayerRead> {
    if (this.#compression === undefined) await this.#begin();
    try {
      if (!this.#stopped) await this.#unpacker!.end();
    } catch (cause) {
      this.#stop(cause);
    }
    try {
      if (!this.#tarStopped) this.#tar.finish();
    } catch (cause) {
      this.#damage('layer-truncated', cause);
    }
    if (this.#size === 0)
      this.#faults.push({ code: 'layer-empty', message: 'The layer holds no bytes, not even an empty tar' });
    this.#contents.finish();
    const diffId = await this.#unpackedHash.digest();
    const plain = this.#compression === 'none';
    return {
      contents: this.#contents,
      compression: this.#compression!,
      diffId,
      digest: plain ? diffId : await this.#storedHash.digest(),
      storedSize: this.#storedSize,
      size: this.#size,
      faults: [...this.#faults, ...this.#contents.faults],
    };
  }

  #begin(): undefined | Promise<void> {
    this.#compression = compressionOf(this.#first);
    this.#unpacker = createUnpacker(this.#compression, (bytes) => this.#use(bytes));
    const first = this.#first;
    this.#first = Buffer.alloc(0);
    return this.#feed(first);
  }

  #feed(bytes: Buffer): undefined | Promise<void> {
    if (this.#compression !== 'none') this.#storedHash.update(bytes);
    if (this.#stopped || bytes.length === 0) return undefined;
    try {
      return this.#unpacker!.write(bytes)?.catch((cause) => this.#stop(cause));
    } catch (cause) {
      this.#stop(cause);
      return undefined;
    }
  }

  #use(bytes: Buffer): undefined {
    this.#unpackedHash.update(bytes);
    this.#size += bytes.length;
    if (this.#size > LARGEST_LAYER) throw new Error(`it holds more than ${LARGEST_LAYER} bytes`);
    if (this.#tarStopped) return undefined;
    try {
      this.#tar.push(bytes);
    } catch (cause) {
      this.#tarStopped = true;
      this.#damage('layer-damaged', cause);
    }
    return undefined;
  }

  #stop(cause: unknown): void {
    this.#stopped = true;
    this.#damage('layer-damaged', cause);
  }

  #damage(code: string, cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#faults.push({ code, message: `The layer could not be read to its end: ${why}` });
  }
}
