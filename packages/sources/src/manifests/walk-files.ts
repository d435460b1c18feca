import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Unknown } from '@breakwater/model';

/** A file to read. */
export interface FoundFile {
  /** Absolute. */
  path: string;
  /** As places name it: relative to the working folder when below it, with `/`. */
  source: string;
  type: 'manifest' | 'dockerfile' | 'variables';
}

export interface FoundFiles {
  files: FoundFile[];
  /** Sources of the folders that hold a `Chart.yaml`. */
  charts: Set<string>;
  unknowns: Unknown[];
}

/** What a walk is bounded by. */
export interface WalkLimits {
  files: number;
  entries: number;
  depth: number;
}

export const WALK_LIMITS: WalkLimits = { files: 200_000, entries: 2_000_000, depth: 64 };

/** Folders of tools, never of the estate. */
export const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const DOCKERFILE = /^(?:Dockerfile|Containerfile)(?:[.-].+)?$|\.(?:dockerfile|containerfile)$/i;
const DOCKERFILE_NEIGHBOUR = /\.(?:dockerignore|md|txt|sh|tpl|j2|tmpl)$/i;
const MANIFEST = /\.(?:ya?ml|json)$|^kustomization$/i;

export interface WalkOptions {
  signal?: AbortSignal | undefined;
  limits?: WalkLimits;
  /** Files and folders to leave alone. */
  except?: ReadonlySet<string> | undefined;
}

/**
 * Finds manifests and Dockerfiles below the given paths, in a stable order. A file that is named itself is read whatever
 * it is called. Links are not followed: what they lead to inside the folder is met on its own, and the rest is not ours.
 */
export async function findFiles(
  paths: string[],
  { signal, except, limits = WALK_LIMITS }: WalkOptions = {},
): Promise<FoundFiles> {
  const walk = new Walk(limits, signal, new Set([...(except ?? [])].map((path) => resolve(path))));
  for (const path of paths) await walk.addRoot(resolve(path));
  return { files: walk.files, charts: walk.charts, unknowns: walk.unknowns };
}

class Walk {
  readonly files: FoundFile[] = [];
  readonly charts = new Set<string>();
  readonly unknowns: Unknown[] = [];
  readonly #seen = new Set<string>();
  readonly #limits: WalkLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #except: ReadonlySet<string>;
  #entries = 0;
  #full = false;

  constructor(limits: WalkLimits, signal: AbortSignal | undefined, except: ReadonlySet<string>) {
    this.#limits = limits;
    this.#signal = signal;
    this.#except = except;
  }

  async addRoot(path: string): Promise<void> {
    let found: Stats;
    let root: string;
    try {
      [found, root] = await Promise.all([stat(path), realpath(path)]);
    } catch (cause) {
      this.#leaveOut('path-unreadable', `${sourceOf(path)} cannot be read (${reasonOf(cause)})`, path);
      return;
    }
    if (found.isDirectory()) await this.#addFolder(path, root, 0);
    else if (found.isFile()) this.#addFile(path, DOCKERFILE.test(basename(path)) ? 'dockerfile' : 'manifest');
    else this.#leaveOut('file-special', `${sourceOf(path)} is neither a file nor a folder`, path);
  }

  async #addFolder(folder: string, root: string, depth: number): Promise<void> {
    this.#signal?.throwIfAborted();
    if (depth > this.#limits.depth) {
      this.#leaveOut(
        'folder-too-deep',
        `Folders below ${sourceOf(folder)} are nested too deep and were left out`,
        folder,
      );
      return;
    }
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      this.#leaveOut('path-unreadable', `${sourceOf(folder)} cannot be read (${reasonOf(cause)})`, folder);
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.some((entry) => entry.name === 'Chart.yaml')) this.charts.add(sourceOf(folder));
    for (const entry of entries) {
      if (this.#isFull(folder)) return;
      await this.#addEntry(entry, join(folder, entry.name), root, depth);
    }
  }

  async #addEntry(entry: Dirent, path: string, root: string, depth: number): Promise<void> {
    this.#entries += 1;
    if (this.#except.has(path)) return;
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) await this.#addFolder(path, root, depth + 1);
      return;
    }
    const type = typeOf(entry.name);
    if (entry.isSymbolicLink()) return await this.#checkLink(path, root, type);
    if (type === undefined) return;
    if (entry.isFile()) this.#addFile(path, type);
    else this.#leaveOut('file-special', `${sourceOf(path)} is no regular file and was left out`, path);
  }

  async #checkLink(path: string, root: string, type: FoundFile['type'] | undefined): Promise<void> {
    const target = await realpath(path).catch(() => undefined);
    if (target?.startsWith(root + sep)) return;
    const folder = target !== undefined && (await lstat(target).catch(() => undefined))?.isDirectory() === true;
    if (type === undefined && !folder) return;
    const where = target === undefined ? 'to nothing' : 'out of the folder that is read';
    this.#leaveOut('link-not-followed', `${sourceOf(path)} is a link that leads ${where} and was left out`, path);
  }

  #addFile(path: string, type: FoundFile['type']): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    this.files.push({ path, source: sourceOf(path), type });
  }

  #isFull(folder: string): boolean {
    if (this.files.length < this.#limits.files && this.#entries < this.#limits.entries) return false;
    if (!this.#full) {
      const message = `More than ${this.#limits.files} manifests or ${this.#limits.entries} entries: what follows ${sourceOf(folder)} was left out`;
      this.#leaveOut('too-many-files', message, folder);
    }
    this.#full = true;
    return true;
  }

  #leaveOut(code: string, message: string, path: string): void {
    this.unknowns.push({ code, message, place: { source: sourceOf(path) } });
  }
}

function typeOf(name: string): FoundFile['type'] | undefined {
  if (DOCKERFILE.test(name) && !DOCKERFILE_NEIGHBOUR.test(name)) return 'dockerfile';
  return MANIFEST.test(name) ? 'manifest' : undefined;
}

/** How places spell a path: relative to the working folder when below it, else absolute; always with `/`. */
export function sourceOf(path: string): string {
  const inside = relative(process.cwd(), path);
  const below = inside !== '' && !inside.startsWith(`..${sep}`) && inside !== '..' && resolve(inside) === resolve(path);
  return (below ? inside : path).split(sep).join('/');
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
