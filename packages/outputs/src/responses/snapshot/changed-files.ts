import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** Something that a container changed in its file system. */
export interface ChangedFile {
  /** As the container sees it. */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'deleted' | 'other';
  size: number;
  /** Octal. */
  mode: string;
  user: number;
  modified: string;
  /** What a link leads to. */
  to?: string;
  sha256?: string;
  /** Whether the content is in the archive. */
  stored: boolean;
}

/** How much is taken. */
export interface FileBudget {
  entries: number;
  bytes: number;
  largestFile: number;
  /** Bytes that are read for hashes, of all files together. */
  hashed: number;
}

/** What was found, and whether more was there. */
export interface ChangedFiles {
  files: ChangedFile[];
  contents: { name: string; bytes: Uint8Array }[];
  truncated: boolean;
}

const DEEPEST = 64;

/**
 * What lies in the upper folder of an overlay: all that a container wrote, changed or removed. Folders are gone down by
 * descriptor and links are never followed: who is in the container cannot lead the walk to files of the host.
 */
export function changedFiles(upper: string, budget: FileBudget): ChangedFiles {
  const result: ChangedFiles = { files: [], contents: [], truncated: false };
  const left = { ...budget };
  const root = openSync(upper, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    walk(root, '', 0, left, result);
  } finally {
    closeSync(root);
  }
  return result;
}

function walk(folder: number, path: string, depth: number, left: FileBudget, result: ChangedFiles): void {
  const names = readdirSync(`/proc/self/fd/${folder}/.`, { encoding: 'buffer' }).sort(Buffer.compare);
  for (const name of names) {
    if (left.entries-- <= 0 || depth > DEEPEST) {
      result.truncated = true;
      return;
    }
    const place = Buffer.concat([Buffer.from(`/proc/self/fd/${folder}/`), name]);
    const shown = `${path}/${name.toString('utf8')}`;
    try {
      take(place, shown, depth, left, result);
    } catch {
      // It went away, or became something else, just now.
      result.truncated = true;
    }
  }
}

function take(place: Buffer, path: string, depth: number, left: FileBudget, result: ChangedFiles): void {
  const stats = lstatSync(place);
  const file: ChangedFile = {
    path,
    kind: kindOf(stats),
    size: stats.size,
    mode: (stats.mode & 0o7777).toString(8),
    user: stats.uid,
    modified: stats.mtime.toISOString(),
    stored: false,
  };
  result.files.push(file);
  if (file.kind === 'link') file.to = readlinkSync(place);
  if (file.kind === 'file') readContent(place, file, left, result);
  if (file.kind !== 'folder') return;
  const folder = openSync(place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    walk(folder, path, depth + 1, left, result);
  } finally {
    closeSync(folder);
  }
}

function kindOf(stats: ReturnType<typeof lstatSync>): ChangedFile['kind'] {
  if (stats === undefined) return 'other';
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  // A character device 0/0 is how an overlay says that a file of a layer below is gone.
  return stats.isCharacterDevice() && Number(stats.rdev) === 0 ? 'deleted' : 'other';
}

function readContent(place: Buffer, file: ChangedFile, left: FileBudget, result: ChangedFiles): void {
  const descriptor = openFile(place);
  if (descriptor === undefined) return;
  try {
    const read = readBounded(descriptor, left);
    if (read.sha256 !== undefined) [file.sha256, file.size] = [read.sha256, read.size];
    if (read.bytes === undefined) {
      result.truncated = true;
      return;
    }
    file.stored = true;
    result.contents.push({ name: `changed${file.path}`, bytes: read.bytes });
  } finally {
    closeSync(descriptor);
  }
}

/** `O_PATH` of Linux: the place of a file, without opening what it stands for. */
const PLACE_ONLY = 0o10000000;

/** A plain file, to read; undefined where it became something else: opening a device may do something. */
function openFile(place: Buffer): number | undefined {
  const held = openSync(place, PLACE_ONLY | constants.O_NOFOLLOW);
  try {
    return fstatSync(held).isFile() ? openSync(`/proc/self/fd/${held}`, constants.O_RDONLY) : undefined;
  } finally {
    closeSync(held);
  }
}

const CHUNK = 256 * 1024;

/**
 * Hashes a file and keeps its content, as far as there is room, which it takes: no hash is given of a part, and no content
 * of what is too large. Sparse files cost nothing to make and all of it to read.
 */
export function readBounded(
  descriptor: number,
  left: Pick<FileBudget, 'bytes' | 'largestFile' | 'hashed'>,
): { bytes?: Uint8Array; sha256?: string; size: number } {
  const hash = createHash('sha256');
  const most = Math.min(left.largestFile, left.bytes);
  const kept: Buffer[] = [];
  let size = 0;
  const chunk = Buffer.alloc(CHUNK);
  for (;;) {
    if (left.hashed <= 0) return { size };
    const count = readSync(descriptor, chunk, 0, CHUNK, null);
    if (count === 0) break;
    hash.update(chunk.subarray(0, count));
    size += count;
    left.hashed -= count;
    if (size <= most) kept.push(Buffer.from(chunk.subarray(0, count)));
    else kept.length = 0;
  }
  const sha256 = hash.digest('hex');
  if (size > most) return { sha256, size };
  left.bytes -= size;
  return { sha256, size, bytes: Buffer.concat(kept) };
}
