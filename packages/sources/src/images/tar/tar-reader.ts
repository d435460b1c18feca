import { BLOCK, isZeroBlock, type RawHeader, readHeader, readText, TarError } from './header.ts';
import { type PaxRecords, parsePax } from './pax.ts';

/** One thing in an archive. */
export interface TarEntry {
  /** As the archive spells it. */
  name: string;
  type: 'file' | 'hard-link' | 'symbolic-link' | 'folder' | 'device' | 'other';
  /** Bytes of body in the archive. */
  size: number;
  mode: number;
  /** Target of a link. */
  link: string;
  /** The body is not the content as it would be read: a sparse file. */
  sparse: boolean;
}

/** Takes the body of one entry. The bytes are only valid during the call: whoever keeps them copies them. */
export interface BodySink {
  /** A promise returned holds the reader back until it settles. */
  write(bytes: Buffer): undefined | Promise<void>;
  end(): undefined | Promise<void>;
}

/** Called for each entry; returns where its body shall go, or undefined to skip it. */
export type TarVisitor = (entry: TarEntry) => BodySink | undefined;

/** Longest PAX header or GNU long name that is read: far above what a system can unpack. */
const EXTENSION_LIMIT = 1024 * 1024;

const TYPES: Record<string, TarEntry['type']> = {
  '0': 'file',
  '1': 'hard-link',
  '2': 'symbolic-link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '7': 'file',
  S: 'file',
};

/**
 * A tar reader that is pushed into: POSIX ustar and PAX, GNU long names, sparse files and base-256 numbers, V7.
 * Bodies nobody asked for are stepped over without a copy. Throws `TarError` where the archive breaks the format.
 */
export class TarReader {
  readonly #visit: TarVisitor;
  readonly #pending = Buffer.alloc(BLOCK);
  #pendingLength = 0;
  /** Bytes of body, and of padding after it, that are still to come. */
  #body = 0;
  #padding = 0;
  #sink: BodySink | undefined;
  #sparseMap = false;
  #afterMap: RawHeader | undefined;
  #extension: { type: string; parts: Buffer[] } | undefined;
  #longName: string | undefined;
  #longLink: string | undefined;
  #pax: PaxRecords | undefined;
  #zeroBlocks = 0;
  #ended = false;

  /** Bytes taken so far; while an entry is visited, the place where its body begins. */
  position = 0;

  constructor(visit: TarVisitor) {
    this.#visit = visit;
  }

  /** Takes the next bytes of the archive. A promise is returned only while a sink asks to wait. */
  push(chunk: Buffer): undefined | Promise<void> {
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      if (this.#body > 0) {
        const end = Math.min(chunk.length, at + this.#body);
        this.#body -= end - at;
        this.position += end - at;
        const wait = this.#take(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
        at = end;
        const closing = this.#body === 0 ? this.#closeAfter(wait) : wait;
        if (closing !== undefined) return closing.then(() => this.push(chunk.subarray(at)));
      } else if (this.#padding > 0) {
        const end = Math.min(chunk.length, at + this.#padding);
        this.#padding -= end - at;
        this.position += end - at;
        at = end;
      } else {
        const whole = this.#pendingLength === 0 && chunk.length - at >= BLOCK;
        if (whole) {
          const wait = this.#block(chunk, at);
          at += BLOCK;
          if (wait !== undefined) return wait.then(() => this.push(chunk.subarray(at)));
          continue;
        }
        const length = Math.min(BLOCK - this.#pendingLength, chunk.length - at);
        chunk.copy(this.#pending, this.#pendingLength, at, at + length);
        this.#pendingLength += length;
        at += length;
        if (this.#pendingLength < BLOCK) return undefined;
        this.#pendingLength = 0;
        const wait = this.#block(this.#pending, 0);
        if (wait !== undefined) return wait.then(() => this.push(chunk.subarray(at)));
      }
    }
    return undefined;
  }

  /** Bytes that lie ahead and that nobody wants: a reader of a file may pass over them with `skip`. */
  get skippable(): number {
    if (this.#ended || this.#sink !== undefined || this.#extension !== undefined) return 0;
    return this.#body + this.#padding;
  }

  /** Passes over what is `skippable`. */
  skip(): void {
    this.position += this.skippable;
    this.#body = 0;
    this.#padding = 0;
  }

  /** Whether the end mark was read: what follows is not part of the archive. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Says that no bytes follow. An archive that stops inside an entry is a `TarError`; a missing end mark is not. */
  finish(): void {
    const cut = this.#body > 0 || this.#pendingLength > 0 || this.#sparseMap || this.#extension !== undefined;
    if (cut && !this.#ended) throw new TarError('the archive ends inside an entry');
  }

  #take(bytes: Buffer): undefined | Promise<void> {
    if (this.#extension !== undefined) this.#extension.parts.push(Buffer.from(bytes));
    return this.#sink?.write(bytes);
  }

  #closeAfter(wait: undefined | Promise<void>): undefined | Promise<void> {
    return wait === undefined ? this.#close() : wait.then(() => this.#close());
  }

  #close(): undefined | Promise<void> {
    if (this.#extension !== undefined) this.#applyExtension(this.#extension);
    const sink = this.#sink;
    this.#sink = undefined;
    return sink?.end();
  }

  #applyExtension({ type, parts }: { type: string; parts: Buffer[] }): void {
    this.#extension = undefined;
    const body = Buffer.concat(parts);
    if (type === 'L') this.#longName = readText(body, 0, body.length);
    else if (type === 'K') this.#longLink = readText(body, 0, body.length);
    else if (type === 'x') this.#pax = parsePax(body);
  }

  #block(bytes: Buffer, at: number): undefined | Promise<void> {
    this.position += BLOCK;
    if (this.#sparseMap) return this.#goOnAfterMap(bytes[at + 504] !== 0);
    if (bytes[at] === 0 && isZeroBlock(bytes, at)) {
      this.#ended = ++this.#zeroBlocks === 2;
      return undefined;
    }
    this.#zeroBlocks = 0;
    const header = readHeader(bytes, at);
    if ('LKxgN'.includes(header.type)) return this.#startExtension(header);
    if (header.sparseMapGoesOn) {
      this.#sparseMap = true;
      this.#afterMap = header;
      return undefined;
    }
    return this.#startEntry(header);
  }

  #goOnAfterMap(more: boolean): undefined | Promise<void> {
    if (more) return undefined;
    this.#sparseMap = false;
    return this.#startEntry(this.#afterMap!);
  }

  #startExtension({ type, size }: RawHeader): undefined {
    if (size > EXTENSION_LIMIT) throw new TarError(`a header extension of ${size} bytes`);
    this.#expect(size);
    if (type !== 'g' && size > 0) this.#extension = { type, parts: [] };
    return undefined;
  }

  #startEntry(header: RawHeader): undefined | Promise<void> {
    const pax = this.#pax;
    const entry: TarEntry = {
      name: pax?.path ?? this.#longName ?? header.name,
      type: TYPES[header.type] ?? 'other',
      size: pax?.size ?? header.size,
      mode: header.mode,
      link: pax?.linkpath ?? this.#longLink ?? header.link,
      sparse: header.type === 'S' || pax?.sparse === true,
    };
    this.#pax = undefined;
    this.#longName = undefined;
    this.#longLink = undefined;
    if (entry.type === 'file' && entry.name.endsWith('/')) entry.type = 'folder';
    if (entry.type === 'hard-link' || entry.type === 'symbolic-link' || entry.type === 'device') entry.size = 0;
    this.#expect(entry.size);
    this.#sink = this.#visit(entry);
    return entry.size === 0 ? this.#close() : undefined;
  }

  #expect(size: number): void {
    this.#body = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
  }
}
