import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { type Unknown, UserError } from '@breakwater/model';
import { detectEvents } from '@breakwater/sources/events';
import { detectSbom } from '@breakwater/sources/sboms';

/** The given paths by what they hold. Paths are as given, or below it. */
export interface SortedInputs {
  images: string[];
  sboms: string[];
  events: string[];
  advisories: string[];
  policies: string[];
  /** Folders and files in which manifests are looked for. */
  manifests: string[];
  /** Files above that are no manifests: the manifest reader leaves them alone. Absolute or as given, like `manifests`. */
  claimed: Set<string>;
  unknowns: Unknown[];
}

type Kind = 'images' | 'sboms' | 'events' | 'advisories' | 'policies' | 'manifests';

/** Bytes read of a file to tell what it is. */
const HEAD = 65_536;
const MAX_DEPTH = 32;
const SKIPPED = new Set(['.git', 'node_modules']);
const ARCHIVE = /\.(tar|tar\.gz|tgz|oci)$/i;
const DATA = /\.(json|jsonl|ndjson|log|xml|csv|zip|spdx|cdx)(\.gz)?$/i;
const YAML = /\.ya?ml$/i;

/** Finds out what each path is, by content: images, SBOMs, events, advisories, policies, and manifests in all the rest. Throws UserError for a path that does not exist. */
export async function sortInputs(paths: string[], signal?: AbortSignal): Promise<SortedInputs> {
  const sorted: SortedInputs = {
    images: [],
    sboms: [],
    events: [],
    advisories: [],
    policies: [],
    manifests: [],
    claimed: new Set(),
    unknowns: [],
  };
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found)
      throw new UserError(`There is nothing at ${path}.`, {
        code: 'path-missing',
        hint: 'Name a folder, an image archive, a manifest or an SBOM.',
      });
    if (found.isDirectory()) {
      if (!(await claimFolder(path, sorted))) {
        sorted.manifests.push(path);
        await walk(path, sorted, 0, signal);
      }
    } else {
      const kind = await kindOf(path);
      claim(kind, path, sorted);
    }
  }
  return sorted;
}

async function walk(
  folder: string,
  sorted: SortedInputs,
  depth: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name) && depth < MAX_DEPTH) {
      if (!(await claimFolder(path, sorted))) await walk(path, sorted, depth + 1, signal);
    } else if (entry.isFile() && (ARCHIVE.test(entry.name) || DATA.test(entry.name) || YAML.test(entry.name))) {
      const kind = await kindOf(path);
      if (kind !== 'manifests') claim(kind, path, sorted);
    }
  }
}

/** An OCI layout or a root file system is one input as a whole. */
async function claimFolder(path: string, sorted: SortedInputs): Promise<boolean> {
  if (!(await isImage(path))) return false;
  claim('images', path, sorted);
  return true;
}

function claim(kind: Kind, path: string, sorted: SortedInputs): void {
  sorted[kind].push(path);
  if (kind !== 'manifests') sorted.claimed.add(path);
}

async function kindOf(path: string): Promise<Kind> {
  const name = basename(path);
  if (ARCHIVE.test(name)) return 'images';
  const head = await readHead(path);
  if (YAML.test(name)) return isPolicy(head) ? 'policies' : 'manifests';
  if (/\.(csv|zip)(\.gz)?$/i.test(name)) return isScores(head) || name.endsWith('.zip') ? 'advisories' : 'manifests';
  if (detectSbom(head) !== undefined) return 'sboms';
  if (isAdvisory(head)) return 'advisories';
  if (detectEvents(head) !== undefined) return 'events';
  return !DATA.test(name) && (await isImage(path)) ? 'images' : 'manifests';
}

async function isImage(path: string): Promise<boolean> {
  const { detectImage } = await import('@breakwater/sources/images');
  return (await detectImage(path).catch(() => undefined)) !== undefined;
}

async function readHead(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

/** An OSV record, alone or the first of many lines, or CISA's catalogue. */
function isAdvisory(head: string): boolean {
  const record = /"modified"\s*:/.test(head) && /"(affected|schema_version|withdrawn)"\s*:/.test(head);
  return record || (/"catalogVersion"\s*:/.test(head) && /"(vulnerabilities|dateReleased)"\s*:/.test(head));
}

/** EPSS as published, or its bare columns. */
function isScores(head: string): boolean {
  return head.startsWith('#model_version') || head.startsWith('cve,epss');
}

function isPolicy(head: string): boolean {
  return /^apiVersion:\s*breakwater\/v1\s*$/m.test(head);
}

/** A path as people should see it: relative when it is below the working folder. */
export function showPath(path: string): string {
  const shown = relative(process.cwd(), path);
  return shown === '' || shown.startsWith('..') ? path : shown;
}
