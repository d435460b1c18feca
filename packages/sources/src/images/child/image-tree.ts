import type { FileTree } from '../../ecosystems/ecosystem.ts';
import type { Distillate } from './file-distillery.ts';
import { type Entry, isLink, type LayerContents } from './layer-contents.ts';

const MOST_LINKS = 40;
/** Linux takes no longer path (PATH_MAX); package lists name what strangers want. */
const LONGEST_PATH = 4096;

/**
 * The final file system of an image: its layers from the lowest to the highest, whiteouts and opaque folders applied
 * (image-spec, layer.md). Links are followed inside the root only. Nothing is ever written to a disk.
 */
export class ImageTree implements FileTree {
  readonly #layers: LayerContents[];
  /** Visible path to index of the layer that brings it. */
  readonly #origin = new Map<string, number>();
  readonly #folders = new Map<string, string | undefined>();
  #kept: string[] | undefined;
  /** Things that are no folder. */
  readonly fileCount: number;

  constructor(layers: LayerContents[]) {
    this.#layers = layers;
    let files = 0;
    for (let index = layers.length - 1; index >= 0; index--) files += this.#addLayer(index);
    this.fileCount = files;
  }

  /** What is at a path itself, links not followed. */
  entry(path: string): Entry | undefined {
    const origin = this.#origin.get(path);
    return origin === undefined ? undefined : this.#layers[origin]!.entries.get(path);
  }

  /** Index of the layer whose version of a path is the visible one. */
  origin(path: string): number | undefined {
    return this.#origin.get(path);
  }

  /** Paths whose content was kept, listed once: every ecosystem asks. */
  kept(): string[] {
    this.#kept ??= this.#layers.flatMap((layer, index) =>
      [...layer.keptPaths()].filter((path) => this.#origin.get(path) === index),
    );
    return this.#kept;
  }

  /** Visible paths that are links. */
  *links(): Generator<string> {
    for (const [path, index] of this.#origin) if (isLink(this.#layers[index]!.entries.get(path))) yield path;
  }

  /** Facts of files that were not kept. */
  *distilled(): Generator<[path: string, facts: Distillate[]]> {
    for (const [index, layer] of this.#layers.entries()) {
      for (const [path, facts] of layer.distilled) if (this.#origin.get(path) === index) yield [path, facts];
    }
  }

  /** The content at a path, links followed; undefined where nothing is, or nothing was kept. */
  read(path: string): Buffer | undefined {
    const entry = this.#target(path);
    return Buffer.isBuffer(entry) ? entry : undefined;
  }

  isFile(path: string): boolean {
    const entry = this.#target(path);
    return entry !== undefined && entry !== 'folder';
  }

  resolve(path: string): string | undefined {
    if (path.length > LONGEST_PATH) return undefined;
    const parent = parentOf(path);
    const folder = parent === '' ? '' : this.#resolveFolder(parent);
    if (folder === undefined) return undefined;
    // The very string where no link is on the way: looking a new one up again costs more than all the rest.
    const at = folder === parent && folder !== '' ? path : joined(folder, path.slice(path.lastIndexOf('/') + 1));
    const entry = this.entry(at);
    return isLink(entry) && !entry.hard ? this.#walk(at) : at;
  }

  /**
   * Versions of a file, or of the facts that an ecosystem took from it, from the visible one downwards, as long as no
   * layer between removes it.
   */
  *versions(path: string, ecosystem: string): Generator<{ layer: number; content: Buffer; distilled: boolean }> {
    for (let index = this.#origin.get(path) ?? -1; index >= 0; index--) {
      const layer = this.#layers[index]!;
      const content = layer.entries.get(path);
      const facts = layer.distilled.get(path)?.find((item) => item.ecosystem === ecosystem);
      if (Buffer.isBuffer(content)) yield { layer: index, content, distilled: false };
      else if (facts !== undefined) yield { layer: index, content: facts.bytes, distilled: true };
      else if (content !== undefined) return;
      if (layer.removes(path)) return;
    }
  }

  #addLayer(index: number): number {
    const layer = this.#layers[index]!;
    const hiddenFolders = new Map<string, boolean>();
    const top = index === this.#layers.length - 1;
    let files = 0;
    for (const [path, entry] of layer.entries) {
      if (!top && (this.#origin.has(path) || this.#isHidden(path, index, hiddenFolders))) continue;
      this.#origin.set(path, index);
      if (entry !== 'folder') files += 1;
    }
    return files;
  }

  /** Whether a layer above removes the path, or puts something that is no folder on the way to it. */
  #isHidden(path: string, index: number, folders: Map<string, boolean>): boolean {
    for (let above = index + 1; above < this.#layers.length; above++) {
      if (this.#layers[above]!.whiteouts.has(path)) return true;
    }
    return this.#isFolderHidden(parentOf(path), index, folders);
  }

  #isFolderHidden(folder: string, index: number, known: Map<string, boolean>): boolean {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const hidden =
      this.#isOpaque(folder, index) ||
      (folder !== '' &&
        (this.#isReplaced(folder, index) ||
          this.#isWhitedOut(folder, index) ||
          this.#isFolderHidden(parentOf(folder), index, known)));
    known.set(folder, hidden);
    return hidden;
  }

  #isOpaque(folder: string, index: number): boolean {
    for (let above = index + 1; above < this.#layers.length; above++) {
      if (this.#layers[above]!.opaque.has(folder)) return true;
    }
    return false;
  }

  #isWhitedOut(folder: string, index: number): boolean {
    for (let above = index + 1; above < this.#layers.length; above++) {
      if (this.#layers[above]!.whiteouts.has(folder)) return true;
    }
    return false;
  }

  #isReplaced(folder: string, index: number): boolean {
    const origin = this.#origin.get(folder);
    return origin !== undefined && origin > index && this.#layers[origin]!.entries.get(folder) !== 'folder';
  }

  #target(path: string): Entry | undefined {
    const real = this.resolve(path);
    let entry = real === undefined ? undefined : this.entry(real);
    const origin = real === undefined ? undefined : this.#origin.get(real);
    for (let links = 0; links < MOST_LINKS && isLink(entry) && entry.hard; links++) {
      entry = this.#layers[origin!]!.entries.get(entry.target);
    }
    return isLink(entry) ? undefined : entry;
  }

  #resolveFolder(folder: string): string | undefined {
    const known = this.#folders.get(folder);
    if (known !== undefined || this.#folders.has(folder)) return known;
    const real = this.#walk(folder);
    this.#folders.set(folder, real);
    return real;
  }

  #walk(path: string): string | undefined {
    const ahead = path.split('/').reverse();
    let at: string[] = [];
    let links = 0;
    while (ahead.length > 0) {
      const part = ahead.pop()!;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        at.pop();
        continue;
      }
      at.push(part);
      const entry = this.entry(at.join('/'));
      if (!isLink(entry) || entry.hard) continue;
      links += 1;
      if (links > MOST_LINKS) return undefined;
      at = entry.target.startsWith('/') ? [] : at.slice(0, -1);
      ahead.push(...entry.target.slice(0, 4096).split('/').reverse());
    }
    return at.join('/');
  }
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
