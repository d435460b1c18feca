import type { BodySink, TarEntry } from '../tar/tar-reader.ts';
import type { Fault } from './fault.ts';
import { type Distillate, FileDistillery, type TakesFacts } from './file-distillery.ts';

/** A link, as the layer has it. */
export interface Link {
  hard: boolean;
  /** Relative to the root for hard links, as written for symbolic ones. */
  target: string;
}

/** What is at a path: the content where somebody wants it, else its kind. */
export type Entry = 'file' | 'folder' | 'device' | Link | Buffer;

/** Bytes of content that may still be kept, over all layers of an image. */
export interface Budget {
  left: number;
}

/** Paths of what an analyser reads, and those who read other files by what they are. */
export interface Wanted {
  (path: string): boolean;
  distilling?: TakesFacts[];
}

const LONGEST_PATH = 8192;
/** Largest file whose content is kept: real package data bases stay below. */
const LARGEST_FILE = 48 * 1024 * 1024;
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const DEEPEST_LINK = 16;

/**
 * What one layer does to the file system: paths it brings, paths it removes (image-spec, layer.md, "Whiteouts") and
 * the contents that are wanted. Independent of the layers around it.
 */
export class LayerContents {
  readonly entries = new Map<string, Entry>();
  /** Paths below this layer that it removes. */
  readonly whiteouts = new Set<string>();
  /** Folders whose content below this layer it removes; the empty path is the root. */
  readonly opaque = new Set<string>();
  readonly faults: Fault[] = [];
  /** Facts of files that were not kept, by path. */
  readonly distilled = new Map<string, Distillate[]>();
  /** Wanted paths that are symbolic links: where they lead is known in the final tree. */
  readonly wantedLinks: string[] = [];
  readonly #wanted: Wanted;
  readonly #budget: Budget;
  readonly #hardLinks: string[] = [];
  readonly #kept = new Set<string>();
  readonly #distillery: FileDistillery | undefined;
  #refused = 0;
  #refusedExample = '';

  constructor(wanted: Wanted, budget: Budget) {
    this.#wanted = wanted;
    this.#budget = budget;
    if (wanted.distilling !== undefined) this.#distillery = new FileDistillery(wanted.distilling, this);
  }

  /** Keeps the facts of a file. */
  keepFacts(path: string, facts: Distillate[]): void {
    const size = facts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (size > this.#budget.left) {
      const message = `What a file holds was not kept: its ${size} bytes of facts are more than can be kept`;
      this.faults.push({ code: 'file-not-read', message, path: `/${path}` });
      return;
    }
    this.#budget.left -= size;
    this.distilled.set(path, facts);
  }

  /** Keeps the content of a file. */
  keepContent(path: string, content: Buffer): void {
    this.entries.set(path, content);
    this.#kept.add(path);
  }

  /** Takes an entry of the layer's tar; the last entry of a name counts. */
  readonly visit = (entry: TarEntry): BodySink | undefined => {
    const path = normalizePath(entry.name);
    if (path === undefined) {
      this.#refuse(entry.name);
      return undefined;
    }
    if (path === '') return undefined;
    const slash = path.lastIndexOf('/');
    if (path.startsWith(WHITEOUT, slash + 1)) {
      this.#whiteout(slash === -1 ? '' : path.slice(0, slash), path.slice(slash + 1));
      return undefined;
    }
    switch (entry.type) {
      case 'file':
        return this.#file(path, entry);
      case 'folder':
        this.entries.set(path, 'folder');
        return undefined;
      case 'symbolic-link':
        this.entries.set(path, { hard: false, target: entry.link });
        if (this.#wanted(path)) this.wantedLinks.push(path);
        return undefined;
      case 'hard-link':
        this.#hardLink(path, entry.link);
        return undefined;
      default:
        this.entries.set(path, 'device');
        return undefined;
    }
  };

  /** Paths whose content was kept. */
  *keptPaths(): Generator<string> {
    for (const path of this.#kept) if (Buffer.isBuffer(this.entries.get(path))) yield path;
  }

  /** Whether the layer hides what is at a path below it: it, or a folder on the way, is removed or replaced. */
  removes(path: string): boolean {
    if (this.whiteouts.has(path)) return true;
    for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      const entry = this.entries.get(folder);
      if (this.opaque.has(folder) || this.whiteouts.has(folder)) return true;
      if (entry !== undefined && entry !== 'folder') return true;
    }
    return this.opaque.has('');
  }

  /** After the last entry: gives wanted hard links the content of their targets, and tells what was left out. */
  finish(): void {
    for (const path of this.#hardLinks) {
      const content = this.#followHardLink(path);
      if (content !== undefined) this.keepContent(path, content);
    }
    if (this.#refused === 0) return;
    const message = `${this.#refused} entries with names that no system could unpack inside the root were left out`;
    this.faults.push({ code: 'entry-refused', message, path: this.#refusedExample });
  }

  #file(path: string, { size, sparse }: TarEntry): BodySink | undefined {
    this.entries.set(path, 'file');
    this.distilled.delete(path);
    if (!this.#wanted(path)) return size === 0 ? undefined : this.#distillery?.begin(path, size, sparse);
    this.#kept.add(path);
    if (sparse || size > LARGEST_FILE || size > this.#budget.left) {
      const why = sparse ? 'it is a sparse file' : `its ${size} bytes are more than can be kept`;
      this.faults.push({ code: 'file-not-read', message: `A package file was not read: ${why}`, path: `/${path}` });
      return undefined;
    }
    if (size === 0) this.entries.set(path, Buffer.alloc(0));
    this.#budget.left -= size;
    let content: Buffer | undefined;
    let at = 0;
    return {
      write: (bytes) => {
        content ??= Buffer.allocUnsafeSlow(size);
        at += bytes.copy(content, at);
        return undefined;
      },
      end: () => {
        if (content !== undefined) this.entries.set(path, content);
        return undefined;
      },
    };
  }

  #hardLink(path: string, link: string): void {
    const target = normalizePath(link);
    if (target === undefined) this.#refuse(link);
    else {
      this.entries.set(path, { hard: true, target });
      if (this.#wanted(path)) this.#hardLinks.push(path);
    }
  }

  #followHardLink(path: string): Buffer | undefined {
    let at: Entry | undefined = this.entries.get(path);
    for (let depth = 0; depth < DEEPEST_LINK && isLink(at) && at.hard; depth++) at = this.entries.get(at.target);
    return Buffer.isBuffer(at) ? at : undefined;
  }

  #whiteout(folder: string, name: string): void {
    if (name === OPAQUE) this.opaque.add(folder);
    else if (name.startsWith(WHITEOUT + WHITEOUT)) return;
    else {
      const hidden = name.slice(WHITEOUT.length);
      if (hidden === '' || hidden === '.' || hidden === '..') this.#refuse(name);
      else this.whiteouts.add(folder === '' ? hidden : `${folder}/${hidden}`);
    }
  }

  #refuse(name: string): void {
    this.#refused += 1;
    this.#refusedExample ||= name.slice(0, 256);
  }
}

/** Whether an entry is a link. */
export function isLink(entry: Entry | undefined): entry is Link {
  return typeof entry === 'object' && !Buffer.isBuffer(entry);
}

/** A name of an archive as a path relative to the root; undefined where it leaves the root or is too long to exist. */
export function normalizePath(name: string): string | undefined {
  if (name.length > LONGEST_PATH) return undefined;
  let start = 0;
  let end = name.length;
  for (;;) {
    if (name.charCodeAt(start) === 47) start += 1;
    else if (name.charCodeAt(start) === 46 && name.charCodeAt(start + 1) === 47) start += 2;
    else break;
  }
  while (end > start && name.charCodeAt(end - 1) === 47) end -= 1;
  const path = start === 0 && end === name.length ? name : name.slice(start, end);
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

/** Where a symbolic link of an archive leads, not yet normalized. */
export function joinLink(path: string, target: string): string {
  if (target.startsWith('/')) return target;
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
