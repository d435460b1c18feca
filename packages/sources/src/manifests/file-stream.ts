import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Unknown } from '@breakwater/model';
import type { FoundFile } from './walk-files.ts';

/** What is said about a file before its bytes. */
export interface FileHeader {
  /** Number of the file in its run. */
  index: number;
  source: string;
  type: FoundFile['type'];
  inChart: boolean;
  length: number;
}

/** Files beyond this are left out: the largest manifest an API server takes has 3 MiB. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
export const MAX_TOTAL_BYTES = 1024 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** Opens, checks and reads one file; an unknown where that fails. Devices, pipes and links are refused. */
export function readFileBounded({ path, source }: FoundFile): Buffer | Unknown {
  const leftOut = (code: string, message: string): Unknown => ({ code, message, place: { source } });
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return leftOut('file-unreadable', `${source} cannot be read (${reason})`);
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return leftOut('file-special', `${source} is no regular file and was left out`);
    if (found.size > MAX_FILE_BYTES) return leftOut('file-too-large', tooLarge(source, found.size));
    return readDescriptor(descriptor, found.size);
  } catch (cause) {
    return leftOut('file-unreadable', `${source} cannot be read (${String(cause)})`);
  } finally {
    closeSync(descriptor);
  }
}

function tooLarge(source: string, size: number): string {
  return `${source} has ${Math.ceil(size / 1024 / 1024)} MiB, more than the ${MAX_FILE_BYTES / 1024 / 1024} MiB that are read`;
}

function readDescriptor(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const length = readSync(descriptor, bytes, at, size - at, null);
    if (length === 0) break;
    at += length;
  }
  return bytes.subarray(0, at);
}

/**
 * Frames files for the far side of the wall: a header line, then that many bytes. One file is in memory at a time, beside
 * those in `read`, which somebody read before: they are taken from there, and not opened again.
 */
export async function* frameFiles(
  files: Iterable<{ header: Omit<FileHeader, 'length'>; file: FoundFile }>,
  onUnknown: (unknown: Unknown) => void,
  read?: ReadonlyMap<string, Buffer>,
): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  let left = MAX_TOTAL_BYTES;
  for (const { header, file } of files) {
    const bytes = left > 0 ? (read?.get(file.path) ?? readFileBounded(file)) : totalExceeded(file);
    if (!Buffer.isBuffer(bytes)) {
      onUnknown(bytes);
      continue;
    }
    left -= bytes.length;
    const line = Buffer.from(`${JSON.stringify({ ...header, length: bytes.length } satisfies FileHeader)}\n`);
    pending.push(line, bytes);
    size += line.length + bytes.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
    await setImmediate();
  }
  if (size > 0) yield Buffer.concat(pending);
}

function totalExceeded({ source }: FoundFile): Unknown {
  const message = `${source} was left out: more than ${MAX_TOTAL_BYTES / 1024 / 1024} MiB of manifests`;
  return { code: 'too-many-bytes', message, place: { source } };
}

/** Reads what `frameFiles` wrote from a descriptor, file by file. */
export function* unframeFiles(descriptor: number): Generator<{ header: FileHeader; text: string }> {
  const reader = new DescriptorReader(descriptor);
  for (let line = reader.readLine(); line !== undefined; line = reader.readLine()) {
    const header = JSON.parse(line) as FileHeader;
    yield { header, text: reader.readBytes(header.length).toString('utf8') };
  }
}

class DescriptorReader {
  readonly #descriptor: number;
  #buffer = Buffer.alloc(0);

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  readLine(): string | undefined {
    let end = this.#buffer.indexOf(10);
    while (end === -1) {
      if (!this.#fill(CHUNK_BYTES)) return undefined;
      end = this.#buffer.indexOf(10);
    }
    const line = this.#buffer.toString('utf8', 0, end);
    this.#buffer = this.#buffer.subarray(end + 1);
    return line;
  }

  readBytes(length: number): Buffer {
    while (this.#buffer.length < length && this.#fill(length - this.#buffer.length));
    const bytes = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(bytes.length);
    return bytes;
  }

  #fill(wanted: number): boolean {
    const chunk = Buffer.allocUnsafe(Math.max(wanted, CHUNK_BYTES));
    const length = readSync(this.#descriptor, chunk);
    if (length === 0) return false;
    this.#buffer = Buffer.concat([this.#buffer, chunk.subarray(0, length)]);
    return true;
  }
}
