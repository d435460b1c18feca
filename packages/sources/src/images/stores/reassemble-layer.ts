import { constants, createReadStream } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

const CHUNK = 256 * 1024;
/** Headers between two files: a header, long names, extended attributes. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** A line of tar-split: bytes of the tar as they were, or a file whose content lies in the folder of the layer. */
interface Part {
  type?: unknown;
  name?: unknown;
  name_raw?: unknown;
  size?: unknown;
  payload?: unknown;
}

/**
 * The tar of a layer, byte for byte as it was unpacked: its headers, which Docker and containers/storage keep beside
 * it (tar-split, JSON lines, gzip), and its files where they lie. So whiteouts and opaque folders are those of the layer
 * itself, nothing of what overlayfs makes of them has to be guessed, and the digest proves it all. Throws where a file
 * is not there; never reads outside of `folder`, whatever names the tar holds.
 */
export async function* reassembleLayer(split: string, folder: string): AsyncGenerator<Buffer> {
  const root = await realpath(folder);
  const locate = locator(root);
  for await (const part of readParts(split)) {
    if (part.type === 2 && typeof part.payload === 'string') yield Buffer.from(part.payload, 'base64');
    else if (part.type === 1 && typeof part.size === 'number' && part.size > 0) {
      const name = nameOf(part);
      const path = name === undefined ? undefined : await locate(name);
      if (path === undefined) throw new Error(`it names a file outside of its folder`);
      yield* readFile(path, part.size);
    }
  }
}

async function* readParts(split: string): AsyncGenerator<Part> {
  const packed = createReadStream(split);
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  const lines = createInterface({
    input: packed.pipe(unpacked).compose(boundLines),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    for await (const line of lines) {
      const part: unknown = line === '' ? {} : JSON.parse(line);
      if (typeof part === 'object' && part !== null) yield part;
    }
  } finally {
    lines.close();
    packed.destroy();
  }
}

async function* boundLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(0x0a);
    length = end === -1 ? length + chunk.length : chunk.length - end - 1;
    if (length > LONGEST_LINE) throw new Error('its list of headers has a line without end');
    yield chunk;
  }
}

/** Names that are no UTF-8 come as bytes. */
function nameOf({ name, name_raw }: Part): Buffer | undefined {
  if (typeof name_raw === 'string') return Buffer.from(name_raw, 'base64');
  return typeof name === 'string' ? Buffer.from(name) : undefined;
}

/** Finds files of a folder by names that strangers wrote: parents that are links out of it are not followed. */
function locator(root: string): (name: Buffer) => Promise<Buffer | undefined> {
  const parents = new Map<string, string | undefined>();
  return async (name) => {
    const text = name.toString('latin1');
    const parts = text.split('/').filter((part) => part !== '' && part !== '.');
    const last = parts.pop();
    if (last === undefined || parts.includes('..') || last === '..' || text.includes('\0')) return undefined;
    const key = parts.join('/');
    if (!parents.has(key)) {
      const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(key, 'latin1')]);
      const real = await realpath(path, 'latin1').catch(() => undefined);
      const inside = real !== undefined && `${real}${sep}`.startsWith(`${Buffer.from(root).toString('latin1')}${sep}`);
      parents.set(key, inside ? real : undefined);
    }
    const parent = parents.get(key);
    return parent === undefined ? undefined : Buffer.from(`${parent}/${last}`, 'latin1');
  };
}

async function* readFile(path: Buffer, size: number): AsyncGenerator<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('what was a file is none');
    for (let at = 0; at < size; ) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error('a file is shorter than it was');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
