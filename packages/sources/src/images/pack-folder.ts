import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unknown } from '@breakwater/model';
import { wanted } from './child/read-image.ts';
import { endOfArchive, padding, writeHeader } from './tar/write-header.ts';

const CHUNK = 256 * 1024;

/**
 * A root filesystem folder as the tar of one layer, for the parser behind the wall: names and links of everything,
 * content of what somebody wants. Links are never followed, devices never opened, other file systems' pseudo folders
 * at the root left out.
 */
export async function* packFolder(root: string, report: (unknown: Unknown) => void): AsyncGenerator<Buffer> {
  yield* packEntries(root, '', report);
  yield endOfArchive();
}

const PSEUDO = new Set(['proc', 'sys', 'dev']);

async function* packEntries(root: string, folder: string, report: (unknown: Unknown) => void): AsyncGenerator<Buffer> {
  const headers: Buffer[] = [];
  const below: string[] = [];
  for (const entry of await list(root, folder, report)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      headers.push(writeHeader({ name: `${path}/`, type: 'folder' }));
      if (folder !== '' || !PSEUDO.has(entry.name)) below.push(path);
    } else if (entry.isSymbolicLink()) {
      const link = await readlink(join(root, path)).catch(() => '');
      headers.push(writeHeader({ name: path, type: 'symbolic-link', link }));
    } else if (!entry.isFile()) headers.push(writeHeader({ name: path, type: 'device' }));
    else if (wanted(path)) yield* packFile(root, path, report);
    else headers.push(writeHeader({ name: path, type: 'file' }));
  }
  if (headers.length > 0) yield Buffer.concat(headers);
  for (const path of below) yield* packEntries(root, path, report);
}

async function* packFile(root: string, path: string, report: (unknown: Unknown) => void): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(join(root, path), flags).catch(() => undefined);
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
