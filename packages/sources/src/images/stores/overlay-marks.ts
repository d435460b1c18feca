import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What overlayfs noted on the folders of a layer. Paths are relative to the layer; the empty path is its root. */
export interface OverlayMarks {
  /** Folders that hide what lies below them in lower layers. */
  opaque: Set<string>;
  /** Folders whose content partly lies under another name in lower layers (`redirect_dir`). */
  redirected: Set<string>;
}

const BLOCK = 512;
const LARGEST_OUTPUT = 256 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const MARK = /^SCHILY\.xattr\.(?:trusted|user)\.(?:overlay|fuseoverlayfs)\.(opaque|redirect)$/;

/**
 * Reads the marks of overlayfs, which are extended attributes that Node cannot read: GNU tar can, and writes them into
 * PAX headers. Undefined where there is no such tar, or it failed: then nothing is known of them.
 */
export async function readOverlayMarks(folder: string): Promise<OverlayMarks | undefined> {
  const names = ['.', ...(await foldersBelow(folder, ''))].map((name) => `./${name}\0`).join('');
  const output = await runTar(folder, names);
  return output === undefined ? undefined : marksIn(output);
}

async function foldersBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const own = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
  const below = await Promise.all(own.map((name) => foldersBelow(root, name)));
  return [...own, ...below.flat()];
}

function runTar(folder: string, names: string): Promise<Buffer | undefined> {
  const options = ['--create', '--format=pax', '--xattrs', '--xattrs-include=*overlay*', '--no-recursion'];
  const input = ['--file=-', '--directory', folder, '--null', '--verbatim-files-from', '--files-from=-'];
  return new Promise((resolve) => {
    const child = spawn('tar', [...options, ...input], { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT_MS });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_OUTPUT) child.kill();
      else chunks.push(chunk);
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks) : undefined));
    child.stdin.on('error', () => {});
    child.stdin.end(names);
  });
}

/** Walks the headers of an archive that holds folders alone. */
function marksIn(archive: Buffer): OverlayMarks {
  const marks: OverlayMarks = { opaque: new Set(), redirected: new Set() };
  let records = new Map<string, string>();
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8) || 0;
    at += BLOCK;
    if (header[156] === 0x78) records = recordsIn(archive.subarray(at, at + size));
    else {
      const name = records.get('path') ?? header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
      note(marks, name.replace(/^(?:\.\/)+|\/+$/g, '').replace(/^\.$/, ''), records);
      records = new Map();
    }
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
  return marks;
}

function note(marks: OverlayMarks, path: string, records: Map<string, string>): void {
  for (const [key, value] of records) {
    const kind = MARK.exec(key)?.[1];
    if (kind === 'opaque' && value === 'y') marks.opaque.add(path);
    if (kind === 'redirect') marks.redirected.add(path);
  }
}

function recordsIn(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 12), 10);
    if (!(length > 0)) break;
    const record = body.toString('utf8', at, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(record.indexOf(' ') + 1, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
