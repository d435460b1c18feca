import { DatabaseDamage, slice, uint8 } from './bytes.ts';

/** A value of a row: its serial type and its bytes. */
export interface Column {
  type: number;
  bytes: Buffer;
}

const LONGEST_VARINT = 9;
/** Rows of the tables that are read have at most five columns. */
const MOST_COLUMNS = 16;
/** Sizes of the serial types 0 to 9 (fileformat2, section 2.1). */
const FIXED_SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const LARGEST_INTEGER_TYPE = 4;
const LONGEST_NAME = 64;

/** SQLite's number of variable length: seven bits a byte, the highest first; eight bits in the ninth. */
export function readVarint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < LONGEST_VARINT; index++) {
    const byte = uint8(bytes, at + index);
    if (index === LONGEST_VARINT - 1) return { value: value * 256 + byte, end: at + LONGEST_VARINT };
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: at + index + 1 };
  }
  throw new DatabaseDamage('a number has no end');
}

/** Takes a row apart into its columns. */
export function readRecord(payload: Buffer): Column[] {
  const header = readVarint(payload, 0);
  const columns: Column[] = [];
  let at = header.end;
  let content = header.value;
  while (at < header.value && columns.length < MOST_COLUMNS) {
    const { value: type, end } = readVarint(payload, at);
    const size = sizeOf(type);
    columns.push({ type, bytes: slice(payload, content, size) });
    content += size;
    at = end;
  }
  return columns;
}

function sizeOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  const size = FIXED_SIZES[type];
  if (size === undefined) throw new DatabaseDamage('a row has a value of no known type');
  return size;
}

/** A short text, such as the name of a table; undefined for everything else. */
export function textOf(column: Column | undefined): string | undefined {
  if (column === undefined || column.type < 13 || column.type % 2 === 0) return undefined;
  return column.bytes.length > LONGEST_NAME ? undefined : column.bytes.toString('utf8');
}

/** An integer of up to four bytes: the number of a page. */
export function integerOf(column: Column | undefined): number | undefined {
  if (column === undefined || column.type < 1 || column.type > LARGEST_INTEGER_TYPE) return undefined;
  return column.bytes.readUIntBE(0, column.bytes.length);
}

/** A blob, such as the header of a package. */
export function blobOf(column: Column | undefined): Buffer {
  if (column === undefined || column.type < 12 || column.type % 2 === 1) {
    throw new DatabaseDamage('a package has no header');
  }
  return column.bytes;
}
