import { read } from 'node:fs';

/** Bytes of an open file, or of a pipe (`start` undefined) that is read to its end. */
export interface ByteRange {
  descriptor: number;
  start: number | undefined;
  length: number;
}

const CHUNK = 1024 * 1024;

/**
 * The bytes of a range in chunks of up to 1 MiB; the next is read while one is used. A chunk is valid until the next is
 * asked for. Ends early where the file does.
 */
export async function* readRange({ descriptor, start, length }: ByteRange): AsyncGenerator<Buffer> {
  const size = Math.min(CHUNK, length);
  let filling = Buffer.allocUnsafeSlow(size);
  let full = Buffer.allocUnsafeSlow(size);
  let left = length;
  const next = async (): Promise<number> => {
    const wanted = Math.min(size, left);
    if (wanted === 0) return 0;
    const got = await readInto(descriptor, filling, wanted, start === undefined ? null : start + length - left);
    left -= got;
    return got;
  };
  let pending = next();
  for (;;) {
    const got = await pending;
    if (got === 0) return;
    [filling, full] = [full, filling];
    pending = next();
    pending.catch(() => {});
    yield full.subarray(0, got);
  }
}

/** The whole range as one buffer. */
export async function readWhole(range: ByteRange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readRange(range)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function readInto(descriptor: number, buffer: Buffer, size: number, position: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, buffer, 0, size, position, (error, got) => (error === null ? resolve(got) : reject(error)));
  });
}
