import { randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptLayerItem } from '../child/kept-layers.ts';
import { isLayerFile } from '../child/layer-file.ts';
import { analyserVersion } from './analyser-version.ts';
import { pruneCache } from './prune-cache.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const LARGEST_LAYER_FILE = 256 * 1024 * 1024;

/**
 * Layers that were read, a file for each digest in a folder for each version of the analysers. Files appear whole, by
 * a rename, carry a checksum and are never changed: any number of processes may share the folder, and one that dies
 * leaves nothing that is believed.
 */
export class LayerCache {
  /** Where the files of this version are. */
  readonly folder: string;
  readonly #root: string;
  readonly #draft: FileHandle;
  readonly #largest: number;
  readonly #writing: Promise<void>[] = [];
  #added = false;

  private constructor(root: string, folder: string, draft: FileHandle, largest: number) {
    this.#root = root;
    this.folder = folder;
    this.#draft = draft;
    this.#largest = largest;
  }

  /**
   * Opens the cache in a folder, with `largest` bytes for all its files. What is read of layers with their programs is
   * kept apart from what is read without. Undefined where it cannot be written.
   */
  static async open(root: string, largest: number, hasPrograms = false): Promise<LayerCache | undefined> {
    try {
      const folder = join(root, `${await analyserVersion()}${hasPrograms ? '-programs' : ''}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `draft-${randomUUID()}`);
      const draft = await open(path, 'wx+', 0o600);
      await rm(path);
      return new LayerCache(root, folder, draft, largest);
    } catch {
      return undefined;
    }
  }

  /** Descriptor of a nameless file that the child writes read layers into. */
  get draft(): number {
    return this.#draft.fd;
  }

  /** Whether a layer of this digest is kept, whole. */
  async has(digest: string): Promise<boolean> {
    const bytes = await readFile(this.#pathOf(digest)).catch(() => undefined);
    return bytes !== undefined && isLayerFile(bytes);
  }

  /** Takes what a child tells. */
  take(item: KeptLayerItem): void {
    if (!DIGEST.test(item.digest)) return;
    this.#writing.push(item.kind === 'layer' ? this.#keep(item) : this.#touch(item.digest));
  }

  /** Waits until everything is written, and makes room. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
    await this.#draft.close();
    if (this.#added) await pruneCache(this.#root, this.#largest);
  }

  async #keep({ digest, diffId, offset, length }: KeptLayerItem & { kind: 'layer' }): Promise<void> {
    if (length > LARGEST_LAYER_FILE || !DIGEST.test(diffId)) return;
    const bytes = Buffer.allocUnsafeSlow(length);
    const path = this.#pathOf(digest);
    const temporary = join(this.folder, `new-${randomUUID()}`);
    try {
      const { bytesRead } = await this.#draft.read(bytes, 0, length, offset);
      if (bytesRead !== length || !isLayerFile(bytes)) return;
      await writeFile(temporary, bytes, { mode: 0o600 });
      if (diffId !== digest) await link(temporary, this.#pathOf(diffId)).catch(() => {});
      await rename(temporary, path);
      this.#added = true;
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  async #touch(digest: string): Promise<void> {
    const now = new Date();
    await utimes(this.#pathOf(digest), now, now).catch(() => {});
  }

  #pathOf(digest: string): string {
    return join(this.folder, digest.replace(':', '-'));
  }
}
