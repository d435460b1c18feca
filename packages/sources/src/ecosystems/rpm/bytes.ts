/** A part of a database that cannot be read. Thrown and caught inside the readers: it becomes an unknown. */
export class DatabaseDamage extends Error {}

/** The byte at an offset. */
export function uint8(bytes: Buffer, at: number): number {
  return slice(bytes, at, 1)[0]!;
}

/** The two bytes at an offset, the high one first unless `little`. */
export function uint16(bytes: Buffer, at: number, little = false): number {
  checkRange(bytes, at, 2);
  return little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

/** The four bytes at an offset, the highest first unless `little`. */
export function uint32(bytes: Buffer, at: number, little = false): number {
  checkRange(bytes, at, 4);
  return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** A view of exactly `length` bytes. */
export function slice(bytes: Buffer, at: number, length: number): Buffer {
  checkRange(bytes, at, length);
  return bytes.subarray(at, at + length);
}

function checkRange(bytes: Buffer, at: number, length: number): void {
  if (!(at >= 0 && length >= 0 && at + length <= bytes.length)) {
    throw new DatabaseDamage('a part of it lies outside of the file');
  }
}
