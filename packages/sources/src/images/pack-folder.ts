import { closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unknown } from '@breakwater/model';
import { canHaveSections } from '../ecosystems/executables/executable.ts';
import type { Wanted } from './child/layer-contents.ts';
import { wanted, wantedWithPrograms } from './child/read-image.ts';
import { endOfArchive, padding, writeHeader } from './tar/write-header.ts';

const CHUNK = 1024 * 1024;
/** Bytes that tell what a file is. */
const HEAD = 64;
const ANY_EXECUTE = 0o111;
/** Neither follows a link nor waits for a pipe. */
const PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A root filesystem folder as the tar of one layer, for the parser behind the wall: names and links of everything,
 * content of what somebody wants. Links are never followed, devices never opened, other file systems' pseudo folders
 * at the root left out.
 */
export async function* packFolder(
  root: string,
  report: (unknown: Unknown) => void,
  options: PackOptions = {},
): AsyncGenerator<Buffer> {
  yield* packEntries(root, '', report, options);
  yield endOfArchive();
}

export interface PackOptions {
  /** The folder is the upper one of an overlay: devices 0/0 in it are whiteouts, and these folders are opaque. */
  overlay?: ReadonlySet<string>;
  /** Programs and libraries come whole. Default: only those that may tell of packages. */
  hasPrograms?: boolean;
  /** What is left out where it says no: a file, or a folder with all that is below it. Default: nothing. */
  isWanted?: (path: string, isFolder: boolean) => boolean;
}

const PSEUDO = new Set(['proc', 'sys', 'dev']);
const OPAQUE = '.wh..wh..opq';

async function* packEntries(
  root: string,
  folder: string,
  report: (unknown: Unknown) => void,
  options: PackOptions,
): AsyncGenerator<Buffer> {
  const headers: Buffer[] = [];
  const below: string[] = [];
  const { overlay, isWanted = () => true, hasPrograms = false } = options;
  const asked = hasPrograms ? wantedWithPrograms : wanted;
  if (overlay?.has(folder)) headers.push(writeHeader({ name: joined(folder, OPAQUE), type: 'file' }));
  for (const entry of await list(root, folder, report)) {
    const path = joined(folder, entry.name);
    if (!isWanted(path, entry.isDirectory())) continue;
    if (overlay !== undefined && entry.isCharacterDevice() && (await lstat(join(root, path))).rdev === 0) {
      headers.push(writeHeader({ name: joined(folder, `.wh.${entry.name}`), type: 'file' }));
    } else if (entry.isDirectory()) {
      headers.push(writeHeader({ name: `${path}/`, type: 'folder' }));
      if (folder !== '' || !PSEUDO.has(entry.name)) below.push(path);
    } else if (entry.isSymbolicLink()) {
      const link = await readlink(join(root, path)).catch(() => '');
      headers.push(writeHeader({ name: path, type: 'symbolic-link', link }));
    } else if (!entry.isFile()) headers.push(writeHeader({ name: path, type: 'device' }));
    else if (asked(path) || isDistilled(root, path, asked, report)) yield* packFile(root, path, report);
    else headers.push(writeHeader({ name: path, type: 'file' }));
  }
  if (headers.length > 0) yield Buffer.concat(headers);
  for (const path of below) yield* packEntries(root, path, report, options);
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * Whether somebody takes facts from a file by what it is: its first bytes tell, and of a program the names of its
 * sections, for nine of ten hold nothing that is read and make most of a file system's bytes. Without waiting for each step: a root
 * file system has a hundred thousand files, and a promise costs more than its system call.
 */
function isDistilled(root: string, path: string, asked: Wanted, report: (unknown: Unknown) => void): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(join(root, path), PLAIN);
    const found = fstatSync(descriptor);
    if (!found.isFile() || (found.size < HEAD && asked === wanted)) return false;
    const file = descriptor;
    const read = (at: number, length: number): Buffer | undefined => readPart(file, at, length);
    const bytes = read(0, Math.min(HEAD, found.size));
    if (bytes === undefined) return false;
    const distillers = (asked.distilling ?? []).flatMap(
      (ecosystem) => ecosystem.distil?.({ path, size: found.size, bytes }) ?? [],
    );
    if (distillers.length === 0) return false;
    const sections = distillers.map((distiller) => distiller.sections);
    return (
      sections.includes(undefined) ||
      canHaveSections(
        bytes,
        read,
        sections.flatMap((names) => names ?? []),
      )
    );
  } catch {
    if (isProgram(join(root, path))) report(unreadable(root, path));
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Of files that cannot be opened, programs may hold packages; what else is closed to others (`etc/shadow`) does not. */
function isProgram(path: string): boolean {
  const mode = lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & ANY_EXECUTE) !== 0;
}

function readPart(descriptor: number, at: number, length: number): Buffer | undefined {
  if (!Number.isSafeInteger(at)) return undefined;
  const bytes = Buffer.allocUnsafe(length);
  return readSync(descriptor, bytes, 0, length, at) < length ? undefined : bytes;
}

async function* packFile(root: string, path: string, report: (unknown: Unknown) => void): AsyncGenerator<Buffer> {
  const handle = await open(join(root, path), PLAIN).catch(() => undefined);
  if (handle === undefined) {
    report(unreadable(root, path));
    return;
  }
  try {
    const { size, mode } = await handle.stat();
    yield writeHeader({ name: path, type: 'file', size, mode });
    for (let at = 0; at < size; ) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      // A file that shrinks while it is read is filled up: the archive keeps its form, and the parser reports the damage.
      yield bytesRead === 0 ? buffer.fill(0) : buffer.subarray(0, bytesRead);
      at += bytesRead === 0 ? buffer.length : bytesRead;
    }
    yield padding(size);
  } finally {
    await handle.close();
  }
}

async function list(root: string, folder: string, report: (unknown: Unknown) => void): Promise<Dirent[]> {
  try {
    if (folder !== '' && !(await lstat(join(root, folder))).isDirectory()) return [];
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch {
    report(unreadable(root, folder));
    return [];
  }
}

function unreadable(root: string, path: string): Unknown {
  const place = { source: root, path: `/${path}` };
  return { code: 'file-not-read', message: 'It could not be opened: what it lists is not known', place };
}
