import { crc32 } from 'node:zlib';
import { openInflater } from './inflater.ts';
import type { Inflater, Unpacker, Use } from './unpacker.ts';

const HEADER = 10;
const TRAILER = 8;
/** Longest header: optional fields hold a file name and a comment. */
const LONGEST_HEADER = 64 * 1024;
const [HAS_CHECKSUM, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16] as const;

/**
 * Unpacks gzip (RFC 1952), several members as one stream; what follows the last member is ignored. Frames are read
 * here, because Node's own gunzip throws away what it has when a checksum is wrong or garbage follows.
 */
export class GzipUnpacker implements Unpacker {
  readonly #use: Use;
  #state: 'header' | 'body' | 'trailer' | 'after' = 'header';
  #kept: Buffer = Buffer.alloc(0);
  #members = 0;
  #body: Inflater | undefined;
  #checksum = 0;
  #size = 0;

  constructor(use: Use) {
    this.#use = use;
  }

  async write(bytes: Buffer): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && this.#state !== 'after') {
      if (this.#state === 'header') rest = await this.#readHeader(rest);
      else if (this.#state === 'body') rest = await this.#inflateBody(rest);
      else rest = this.#readTrailer(rest);
    }
  }

  async end(): Promise<void> {
    if (this.#state === 'body') {
      await this.#body!.close();
      throw new Error('its gzip stream is cut');
    }
    const cut =
      this.#state === 'trailer' || (this.#state === 'header' && (this.#members === 0 || this.#kept.length >= HEADER));
    if (cut) throw new Error('its gzip stream is cut');
  }

  async #readHeader(bytes: Buffer): Promise<Buffer> {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    if (all.length >= 2 && (all[0] !== 0x1f || all[1] !== 0x8b)) {
      if (this.#members === 0) throw new Error('it is no gzip');
      this.#state = 'after';
      return bytes.subarray(bytes.length);
    }
    const end = endOfHeader(all);
    if (end === undefined) {
      if (all.length > LONGEST_HEADER) throw new Error('its gzip header does not end');
      this.#kept = Buffer.from(all);
      return bytes.subarray(bytes.length);
    }
    this.#kept = Buffer.alloc(0);
    this.#state = 'body';
    this.#members += 1;
    this.#checksum = 0;
    this.#size = 0;
    this.#body = await openInflater((piece) => {
      this.#checksum = crc32(piece, this.#checksum);
      this.#size += piece.length;
      return this.#use(piece);
    });
    return all.subarray(end);
  }

  async #inflateBody(bytes: Buffer): Promise<Buffer> {
    const rest = await this.#body!.write(bytes);
    if (rest === undefined) return bytes.subarray(bytes.length);
    this.#state = 'trailer';
    return rest;
  }

  #readTrailer(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#kept, bytes.subarray(0, TRAILER - this.#kept.length)]);
    const rest = bytes.subarray(all.length - this.#kept.length);
    this.#kept = all;
    if (all.length < TRAILER) return rest;
    this.#kept = Buffer.alloc(0);
    this.#state = 'header';
    if (all.readUInt32LE(0) !== this.#checksum) throw new Error('the checksum of its gzip stream is wrong');
    if (all.readUInt32LE(4) !== this.#size % 2 ** 32) throw new Error('the length of its gzip stream is wrong');
    return rest;
  }
}

/** Where the header ends; undefined where more bytes are needed to tell. */
function endOfHeader(bytes: Buffer): number | undefined {
  if (bytes.length < HEADER) return undefined;
  const flags = bytes[3]!;
  let at = HEADER;
  if (flags & HAS_EXTRA) {
    if (bytes.length < at + 2) return undefined;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const field of [HAS_NAME, HAS_COMMENT]) {
    if (!(flags & field)) continue;
    const zero = bytes.indexOf(0, at);
    if (zero === -1) return undefined;
    at = zero + 1;
  }
  if (flags & HAS_CHECKSUM) at += 2;
  return bytes.length < at ? undefined : at;
}
