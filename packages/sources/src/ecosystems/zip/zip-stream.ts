import { ByteView } from '../executables/byte-view.ts';
import type { Packing } from './zip-archive.ts';

/** What is done with the entries of an archive that passes. */
export interface ZipVisitor {
  /** Bytes, as they are packed, that are kept of an entry; 0 steps over it. */
  keeps(name: string): number;
  /** An entry that was kept, whole. */
  entry(name: string, packed: Buffer, packing: Packing): void;
  /** An entry of which more came than is kept. */
  tooLarge(name: string): void;
}

const LOCAL = Buffer.from([0x50, 0x4b, 3, 4]);
const DESCRIPTOR = Buffer.from([0x50, 0x4b, 7, 8]);
const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const HEADER = 30;
const LONGEST_DESCRIPTOR = 24;
const LIE_32 = 0xffffffff;
const EXTRA_64 = 1;

interface Passing {
  name: string;
  packing: Packing;
  /** Bytes as packed; undefined where only a descriptor behind them tells (APPNOTE 4.3.9). */
  packedSize: number | undefined;
  /** Bytes that have passed. */
  at: number;
  most: number;
  kept: Buffer[];
}

/**
 * Reads a zip archive that is too large to hold while it passes, by the headers before its entries. Its directory, which
 * comes last, is not read: an entry that it leaves out is read all the same.
 */
export class ZipStream {
  readonly #visitor: ZipVisitor;
  #rest: Buffer = Buffer.alloc(0);
  #passing: Passing | undefined;
  #begun = false;
  #done = false;

  constructor(visitor: ZipVisitor) {
    this.#visitor = visitor;
  }

  /** The next bytes; they are valid only during the call. */
  write(bytes: Buffer): void {
    if (this.#done) return;
    const data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (!this.#done && at < data.length) {
      const next = this.#passing === undefined ? this.#header(data, at) : this.#body(data, at, this.#passing);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = Buffer.from(data.subarray(at));
  }

  /** Whether all of it was read, up to its directory. */
  end(): boolean {
    return this.#done;
  }

  /** Where the body of the next entry begins; undefined where more bytes have to come. */
  #header(data: Buffer, at: number): number | undefined {
    const view = new ByteView(data, true);
    if (data.length - at < 4) return undefined;
    const signature = view.u32(at);
    if (signature !== LOCAL_SIGNATURE) {
      this.#done = signature === CENTRAL_SIGNATURE && this.#begun;
      if (this.#done) return data.length;
      const found = data.indexOf(LOCAL, at + 1);
      if (found !== -1) return found;
      const central = this.#begun ? data.indexOf('PK\x01\x02', at + 1, 'latin1') : -1;
      return central === -1 ? Math.max(at + 1, data.length - 3) : central;
    }
    if (data.length - at < HEADER) return undefined;
    const nameEnd = at + HEADER + view.u16(at + 26);
    const bodyStart = nameEnd + view.u16(at + 28);
    if (bodyStart > data.length) return undefined;
    const flags = view.u16(at + 6);
    const name = data.toString('utf8', at + HEADER, nameEnd);
    const packing = { method: view.u16(at + 8), encrypted: (flags & 1) !== 0, size: view.u32(at + 22) };
    let packedSize: number | undefined = view.u32(at + 18);
    if (packedSize === LIE_32 && view.u16(nameEnd) === EXTRA_64) packedSize = view.u64(nameEnd + 12);
    if ((flags & 8) !== 0 && packedSize === 0) packedSize = undefined;
    this.#begun = true;
    this.#passing = { name, packing, packedSize, at: 0, most: this.#visitor.keeps(name), kept: [] };
    if (packedSize === 0) this.#finish(this.#passing);
    return bodyStart;
  }

  #body(data: Buffer, at: number, passing: Passing): number | undefined {
    if (passing.packedSize === undefined) return this.#openBody(data, at, passing);
    const end = Math.min(data.length, at + passing.packedSize - passing.at);
    keep(passing, data.subarray(at, end));
    if (passing.at === passing.packedSize) this.#finish(passing);
    return end;
  }

  /** Its descriptor tells how long it was: bytes that look like one by chance do not tell the right length. */
  #openBody(data: Buffer, at: number, passing: Passing): number | undefined {
    const view = new ByteView(data, true);
    for (let from = at; ; ) {
      const found = data.indexOf(DESCRIPTOR, from);
      if (found === -1) {
        const end = Math.max(at, data.length - DESCRIPTOR.length + 1);
        keep(passing, data.subarray(at, end));
        return end === at ? undefined : end;
      }
      if (found + LONGEST_DESCRIPTOR > data.length) {
        keep(passing, data.subarray(at, found));
        return found === at ? undefined : found;
      }
      if (view.u32(found + 8) === passing.at + found - at) {
        keep(passing, data.subarray(at, found));
        const wide = view.u32(found + 12) === 0 && view.u16(found + 16) !== LOCAL.readUInt16LE(0);
        passing.packing.size = view.u32(found + (wide ? 16 : 12));
        this.#finish(passing);
        return found + (wide ? 24 : 16);
      }
      from = found + 1;
    }
  }

  #finish({ name, packing, kept, at, most }: Passing): void {
    this.#passing = undefined;
    if (most === 0) return;
    if (at > most) this.#visitor.tooLarge(name);
    else this.#visitor.entry(name, kept.length === 1 ? kept[0]! : Buffer.concat(kept), packing);
  }
}

/** Takes a copy of what passes, as long as not more comes than is wanted. */
function keep(passing: Passing, bytes: Buffer): void {
  passing.at += bytes.length;
  if (passing.at > passing.most) passing.kept = [];
  else if (bytes.length > 0) passing.kept.push(Buffer.from(bytes));
}
