import { createHash } from 'node:crypto';
import { type BodySink, type TarEntry, TarReader } from '../tar/tar-reader.ts';
import { type BlobStore, LARGEST_DOCUMENT } from './blob-store.ts';
import { type ByteRange, readRange } from './byte-range.ts';
import { compressionOf, createUnpacker } from './compression.ts';
import type { Fault } from './fault.ts';
import { type Budget, joinLink, LayerContents, normalizePath, type Wanted } from './layer-contents.ts';
import { type LayerRead, LayerReader } from './layer-reader.ts';
import type { Unpacker } from './unpacker.ts';

/** Names that blobs of images have: in an OCI layout, in archives of Docker old and new, and of those who write them alike. */
const BLOB_NAME =
  /^(?:blobs\/[^/]+\/[^/]+|(?:manifest|index)\.json|oci-layout|[^/]+\/layer\.tar|(?:sha256:)?[0-9a-f]{12,128}(?:\.json|\.tar(?:\.gz|\.zst)?)?)$/;

/**
 * An archive that can be read only once, from its start: compressed, or a pipe. Every blob is looked at as it passes:
 * documents are kept, layers are read. The same pass reads it as a root file system, which it is when no manifest came.
 */
export class StreamStore implements BlobStore {
  readonly #documents = new Map<string, Buffer>();
  readonly #layers = new Map<string, LayerRead>();
  readonly #links = new Map<string, string>();
  readonly #sizes = new Map<string, number>();
  readonly #wanted: Wanted;
  readonly #budget: Budget;

  constructor(wanted: Wanted, budget: Budget) {
    this.#wanted = wanted;
    this.#budget = budget;
  }

  has(name: string): boolean {
    return this.#sizes.has(this.#links.get(name) ?? name);
  }

  size(name: string): number | undefined {
    return this.#sizes.get(name);
  }

  async document(name: string): Promise<Buffer | undefined> {
    return this.#documents.get(name);
  }

  async layer(name: string): Promise<LayerRead | undefined> {
    return this.#layers.get(name) ?? this.#layers.get(this.#links.get(name) ?? '');
  }

  async reread(): Promise<undefined> {
    return undefined;
  }

  /** Passes over the archive; returns it as a root file system too. */
  async load(archive: ByteRange): Promise<LayerRead> {
    const root = new LayerContents(this.#wanted, this.#budget);
    const faults: Fault[] = [];
    const hash = createHash('sha256');
    const reader = new TarReader((entry) => this.#visit(entry) ?? root.visit(entry));
    let size = 0;
    const unpackerFor = (first: Buffer): Unpacker =>
      createUnpacker(compressionOf(first), (piece) => {
        size += piece.length;
        if (this.#sizes.size === 0) hash.update(piece);
        return reader.push(piece);
      });
    try {
      let unpacker: Unpacker | undefined;
      for await (const chunk of readRange(archive)) {
        unpacker ??= unpackerFor(chunk);
        await unpacker.write(chunk);
      }
      await unpacker?.end();
      reader.finish();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      faults.push({ code: 'archive-damaged', message: `The archive could not be read to its end: ${why}` });
    }
    root.finish();
    const diffId = `sha256:${hash.digest('hex')}`;
    const all = [...faults, ...root.faults];
    return {
      contents: root,
      compression: 'none',
      diffId,
      digest: diffId,
      storedSize: archive.length,
      size,
      faults: all,
    };
  }

  #visit(entry: TarEntry): BodySink | undefined {
    const path = normalizePath(entry.name);
    if (path === undefined || !BLOB_NAME.test(path)) return undefined;
    if (entry.type === 'hard-link') this.#links.set(path, entry.link);
    if (entry.type === 'symbolic-link') this.#links.set(path, joinLink(path, entry.link));
    if (entry.type !== 'file') return undefined;
    this.#sizes.set(path, entry.size);
    return this.#sniff(path, entry.size);
  }

  /** Looks at the first byte of a blob: a document begins with a brace, everything else is read as a layer. */
  #sniff(path: string, size: number): BodySink {
    let document: Buffer[] | undefined;
    let layer: LayerReader | undefined;
    return {
      write: (bytes) => {
        if (document === undefined && layer === undefined) {
          if (size <= LARGEST_DOCUMENT && (bytes[0] === 0x7b || bytes[0] === 0x5b)) document = [];
          else layer = new LayerReader(this.#wanted, this.#budget);
        }
        document?.push(Buffer.from(bytes));
        return layer?.write(bytes);
      },
      end: () => {
        if (document !== undefined) this.#documents.set(path, Buffer.concat(document));
        return (layer ?? new LayerReader(this.#wanted, this.#budget)).finish().then((read) => {
          if (document === undefined) this.#layers.set(path, read);
        });
      },
    };
  }
}
