import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const LARGEST_INDEX = 512 * 1024 * 1024;
const FIXED = 62;
const EXTENDED = 0x4000;

/** Where git keeps what belongs to a working tree: `.git` itself, or where the file of that name leads (a worktree, a submodule). */
async function gitFolder(folder: string): Promise<string | undefined> {
  const path = join(folder, '.git');
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return path;
  const text = found?.isFile() ? await readFile(path, 'utf8').catch(() => '') : '';
  const target = /^gitdir: (.+)$/m.exec(text)?.[1];
  return target === undefined ? undefined : resolve(folder, target);
}

/**
 * The paths that git tracks in a working tree, from its index (gitformat-index(5), versions 2 to 4), without running
 * git: a checkout's own configuration can make git run programs. Undefined where the index is missing or cannot be read.
 */
export async function readTracked(folder: string): Promise<Set<string> | undefined> {
  const git = await gitFolder(folder);
  const path = join(git ?? folder, 'index');
  const found = git === undefined ? undefined : await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > LARGEST_INDEX) return undefined;
  return parseIndex(await readFile(path));
}

/** Parses an index; undefined where it is cut or none. */
export function parseIndex(index: Buffer): Set<string> | undefined {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const tracked = new Set<string>();
  let previous = Buffer.alloc(0);
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    if (at + FIXED + 2 > index.length) return undefined;
    const start = at;
    at += FIXED + ((index.readUInt16BE(at + 60) & EXTENDED) === 0 ? 0 : 2);
    let kept = 0;
    if (version === 4) {
      const removed = readOffset(index, at);
      if (removed === undefined || removed.value > previous.length) return undefined;
      kept = previous.length - removed.value;
      at = removed.end;
    }
    const end = index.indexOf(0, at);
    if (end === -1) return undefined;
    previous = Buffer.concat([previous.subarray(0, kept), index.subarray(at, end)]);
    tracked.add(previous.toString('utf8'));
    at = version === 4 ? end + 1 : start + Math.floor((end - start + 8) / 8) * 8;
  }
  return tracked;
}

/** The number of bytes that a path does not share with the one before (the encoding of offsets in packs). */
function readOffset(bytes: Buffer, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = start; at < Math.min(start + 5, bytes.length); at++) {
    const byte = bytes[at]!;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, end: at + 1 };
    value += 1;
  }
  return undefined;
}
