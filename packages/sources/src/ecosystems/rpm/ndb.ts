import { DatabaseDamage, slice, uint32 } from './bytes.ts';
import type { HeaderCollector } from './header-collector.ts';

const DATABASE_MAGIC = 'RpmP';
const SLOT_MAGIC = 'Slot';
const BLOB_MAGIC = 'BlbS';
const END_MAGIC = 'BlbE';
const PAGE = 4096;
const SLOT = 16;
/** The header of the file takes the place of the first two slots. */
const FIRST_SLOT = 2 * SLOT;
const BLOB_HEADER = 16;
const BLOB_TAIL = 12;

/**
 * Reads the headers of `Packages.db`, rpm's own NDB format as SUSE has it: pages of slots, each with the place of a
 * blob in units of 16 bytes (rpm, lib/backend/ndb/rpmpkg.c). Throws `DatabaseDamage` where it is none.
 */
export function readNdb(file: Buffer, into: HeaderCollector): void {
  const slotPages = uint32(file, 12, true);
  if (uint32(file, 4, true) !== 0) throw new DatabaseDamage('it is of a later version of NDB');
  if (slotPages === 0) throw new DatabaseDamage('it has no slots');
  const end = Math.min(slotPages * PAGE, file.length);
  if (end < slotPages * PAGE) into.attempt(() => slice(file, 0, slotPages * PAGE));
  for (let at = FIRST_SLOT; at + SLOT <= end; at += SLOT) {
    into.attempt(() => {
      expectMagic(file, at, SLOT_MAGIC);
      const index = uint32(file, at + 4, true);
      const block = uint32(file, at + 8, true);
      if (index !== 0) into.take(readBlob(file, index, block * SLOT));
      else if (block !== 0) throw new DatabaseDamage('a slot has a place but no package');
    });
  }
}

/** Whether a file begins as an NDB database does. */
export function isNdb(file: Buffer): boolean {
  return file.toString('latin1', 0, 4) === DATABASE_MAGIC;
}

function readBlob(file: Buffer, index: number, at: number): Buffer {
  expectMagic(file, at, BLOB_MAGIC);
  const length = uint32(file, at + 12, true);
  const padded = Math.ceil((BLOB_HEADER + length + BLOB_TAIL) / SLOT) * SLOT;
  const tail = slice(file, at, padded).subarray(padded - BLOB_TAIL);
  const matches = uint32(file, at + 4, true) === index && uint32(tail, 4, true) === length;
  if (!matches || tail.toString('latin1', 8) !== END_MAGIC) {
    throw new DatabaseDamage('a header is not where its slot says');
  }
  return slice(file, at + BLOB_HEADER, length);
}

function expectMagic(file: Buffer, at: number, magic: string): void {
  if (slice(file, at, 4).toString('latin1') !== magic) throw new DatabaseDamage(`there is no ${magic} at byte ${at}`);
}
