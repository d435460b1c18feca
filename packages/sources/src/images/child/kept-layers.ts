import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Budget } from './layer-contents.ts';
import { packLayer, unpackLayer } from './layer-file.ts';
import type { LayerRead } from './layer-reader.ts';

/** Told to the parent: a layer was read, and lies in the draft; or one was found, and shall be kept longer. */
export type KeptLayerItem =
  | { kind: 'layer'; digest: string; diffId: string; offset: number; length: number }
  | { kind: 'layer-used'; digest: string };

/** What an image says of one of its layers. */
export interface LayerIdentity {
  /** Digest of the blob; absent in archives of Docker, whose config names the content alone. */
  digest: string | undefined;
  diffId: string | undefined;
  /** Bytes of the blob. */
  size: number | undefined;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Layers in drafts of one scan, in bytes: they are copied into the cache while the scan goes on. */
const LARGEST_DRAFT = 1024 ** 3;

/**
 * Layers that earlier scans read, by digest. A layer is what its digest says, so one that was read under that digest
 * before needs no reading: every runtime refuses content that differs from the digest in the manifest or config.
 */
export class KeptLayers {
  readonly #folder: string;
  readonly #draft: number;
  readonly #emit: (item: KeptLayerItem) => void;
  readonly #budget: Budget;
  #written = 0;

  constructor(folder: string, draft: number, budget: Budget, emit: (item: KeptLayerItem) => void) {
    this.#folder = folder;
    this.#draft = draft;
    this.#budget = budget;
    this.#emit = emit;
  }

  /** The layer as it was read before; undefined where it was not, or where what was kept does not fit the image. */
  find({ digest, diffId, size }: LayerIdentity): LayerRead | undefined {
    const name = digest ?? diffId;
    if (name === undefined || !DIGEST.test(name)) return undefined;
    const read = this.#read(name);
    if (read === undefined || (digest ?? read.digest) !== read.digest || (diffId ?? read.diffId) !== read.diffId)
      return undefined;
    const sizes = digest === undefined ? [read.size, read.storedSize] : [read.storedSize];
    if (size !== undefined && !sizes.includes(size)) return undefined;
    this.use(name);
    if (digest !== undefined || size === undefined || size === read.storedSize) return read;
    return { ...read, compression: 'none', digest: read.diffId, storedSize: read.size };
  }

  /** Hands a layer over to be kept, where nothing is missing in it. */
  keep(read: LayerRead): void {
    if (read.faults.length === 0) this.write(read.digest, read.diffId, packLayer(read));
  }

  /** Hands sealed bytes over to be kept under one or two digests. */
  write(digest: string, diffId: string, bytes: Buffer): void {
    if (this.#written + bytes.length > LARGEST_DRAFT) return;
    const offset = this.#written;
    this.#written += bytes.length;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#draft, bytes, at, bytes.length - at, offset + at);
    this.#emit({ kind: 'layer', digest, diffId, offset, length: bytes.length });
  }

  /** What is kept under a digest, as it was written. */
  readFile(digest: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#folder, digest.replace(':', '-')));
    } catch {
      return undefined;
    }
  }

  /** Tells that what is under a digest shall be kept longer. */
  use(digest: string): void {
    this.#emit({ kind: 'layer-used', digest });
  }

  #read(name: string): LayerRead | undefined {
    const bytes = this.readFile(name);
    return bytes === undefined ? undefined : unpackLayer(bytes, this.#budget);
  }
}
