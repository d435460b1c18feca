import { slice, uint32 } from './bytes.ts';

const MAGIC = 0x377f0682;
const HEADER = 32;
const FRAME_HEADER = 24;

/**
 * Reads a write-ahead log (fileformat2, section 4): the newest version of each page up to the last commit. What follows
 * a wrong checksum or salt was never committed, and a log with a wrong header holds nothing, as for SQLite itself.
 */
export function readLog(log: Buffer): { pages: Map<number, Buffer> } {
  const pages = new Map<number, Buffer>();
  if (log.length < HEADER || (uint32(log, 0) & ~1) >>> 0 !== MAGIC) return { pages };
  const pageSize = uint32(log, 8);
  const sum = new Checksum(log, (uint32(log, 0) & 1) === 0);
  sum.add(0, 24);
  if (pageSize < 512 || pageSize > 65536 || !sum.isAt(24)) return { pages };
  const salts = slice(log, 16, 8);
  let open = new Map<number, Buffer>();
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize) {
    sum.add(at, 8);
    sum.add(at + FRAME_HEADER, pageSize);
    if (!slice(log, at + 8, 8).equals(salts) || !sum.isAt(at + 16)) break;
    open.set(uint32(log, at), slice(log, at + FRAME_HEADER, pageSize));
    if (uint32(log, at + 4) === 0) continue;
    for (const [number, page] of open) pages.set(number, page);
    open = new Map();
  }
  return { pages };
}

/** The running checksum of a log: two sums over pairs of words, in the order of bytes that its header names. */
class Checksum {
  readonly #log: Buffer;
  readonly #little: boolean;
  #first = 0;
  #second = 0;

  constructor(log: Buffer, little: boolean) {
    this.#log = log;
    this.#little = little;
  }

  add(start: number, length: number): void {
    for (let at = start; at + 8 <= start + length; at += 8) {
      this.#first = (this.#first + uint32(this.#log, at, this.#little) + this.#second) >>> 0;
      this.#second = (this.#second + uint32(this.#log, at + 4, this.#little) + this.#first) >>> 0;
    }
  }

  /** Whether this sum is the one written at an offset; written sums have the highest byte first. */
  isAt(at: number): boolean {
    return uint32(this.#log, at) === this.#first && uint32(this.#log, at + 4) === this.#second;
  }
}
