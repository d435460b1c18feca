import type { BlobStore } from './blob-store.ts';
import { LARGEST_DOCUMENT } from './blob-store.ts';
import { type ByteRange, readRange, readWhole } from './byte-range.ts';
import type { Budget, LayerContents, Wanted } from './layer-contents.ts';
import { type LayerRead, LayerReader } from './layer-reader.ts';

/** Layers that are read at the same time: one inflates while the other is hashed. */
const AT_ONCE = 2;

/** Where a blob is; without a descriptor nowhere but in the layer cache. */
type BlobRange = Omit<ByteRange, 'descriptor'> & { descriptor: number | undefined; unverified?: boolean };

/** Blobs that lie somewhere in open files (a folder's files, the parts of a plain tar), or come as streams, once. */
export class RangeStore implements BlobStore {
  readonly #ranges: Map<string, BlobRange>;
  readonly #wanted: Wanted;
  readonly #budget: Budget;
  readonly #documents: ReadonlyMap<string, Buffer>;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    ranges: Map<string, BlobRange>,
    wanted: Wanted,
    budget: Budget,
    documents: ReadonlyMap<string, Buffer> = new Map(),
  ) {
    this.#ranges = ranges;
    this.#documents = documents;
    this.#wanted = wanted;
    this.#budget = budget;
  }

  has(name: string): boolean {
    return this.#ranges.has(name) || this.#documents.has(name);
  }

  size(name: string): number | undefined {
    const length = this.#ranges.get(name)?.length;
    return length === Number.MAX_SAFE_INTEGER ? undefined : length;
  }

  isUnverified(name: string): boolean {
    return this.#ranges.get(name)?.unverified === true;
  }

  async document(name: string): Promise<Buffer | undefined> {
    const range = this.#ranges.get(name);
    if (this.#documents.has(name)) return this.#documents.get(name);
    return isHere(range) && range.length <= LARGEST_DOCUMENT ? readWhole(range) : undefined;
  }

  layer(name: string): Promise<LayerRead | undefined> {
    return this.#read(name, this.#wanted);
  }

  async reread(name: string, paths: ReadonlySet<string>): Promise<LayerContents | undefined> {
    if (this.#ranges.get(name)?.start === undefined) return undefined;
    return (await this.#read(name, (path) => paths.has(path)))?.contents;
  }

  async #read(name: string, wanted: Wanted): Promise<LayerRead | undefined> {
    const range = this.#ranges.get(name);
    if (!isHere(range)) return undefined;
    if (this.#running === AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      const reader = new LayerReader(wanted, this.#budget);
      for await (const chunk of readRange(range)) await reader.write(chunk);
      return await reader.finish();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

function isHere(range: BlobRange | undefined): range is ByteRange {
  return range?.descriptor !== undefined;
}
