/** Size of a tar block: headers fill one, bodies are padded to a multiple. */
export const BLOCK = 512;

/** A header as it stands in the archive, before extensions (PAX, GNU long names) are applied. */
export interface RawHeader {
  name: string;
  /** Bytes of body that follow, as the header says. */
  size: number;
  mode: number;
  /** Type flag, a character: `0` file, `1` hard link, `2` symbolic link, `5` folder ... */
  type: string;
  link: string;
  /** GNU sparse files only: more blocks of the sparse map follow the header. */
  sparseMapGoesOn: boolean;
}

/** The archive breaks the format at this place: what follows cannot be trusted. */
export class TarError extends Error {}

/** Whether a block is all zeros: the end of an archive. */
export function isZeroBlock(bytes: Buffer, at: number): boolean {
  for (let index = at; index < at + BLOCK; index++) if (bytes[index] !== 0) return false;
  return true;
}

/** Reads the header at `at` (POSIX ustar, GNU and old V7). Throws `TarError` where checksum or size are no numbers that fit. */
export function readHeader(bytes: Buffer, at: number): RawHeader {
  const stated = readNumber(bytes, at + 148, 8);
  if (stated !== checksum(bytes, at)) throw new TarError('a header has a wrong checksum');
  const size = readNumber(bytes, at + 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError(`a header states an impossible size (${size})`);
  const type = String.fromCharCode(bytes[at + 156]! || 0x30);
  const posix = bytes.toString('latin1', at + 257, at + 263) === 'ustar\0';
  const prefix = posix && bytes[at + 345] !== 0 ? `${readText(bytes, at + 345, 155)}/` : '';
  return {
    name: prefix + readText(bytes, at, 100),
    size,
    mode: readNumber(bytes, at + 100, 8),
    type,
    link: type === '1' || type === '2' ? readText(bytes, at + 157, 100) : '',
    sparseMapGoesOn: type === 'S' && bytes[at + 482] !== 0,
  };
}

/** Text up to the first NUL. */
export function readText(bytes: Buffer, at: number, length: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end === -1 || end > at + length ? at + length : end);
}

/** A numeric field: octal with blanks around it, or base-256 where the first bit is set. NaN where it is neither. */
function readNumber(bytes: Buffer, at: number, length: number): number {
  if (bytes[at]! & 0x80) return readBase256(bytes, at, length);
  let value = 0;
  let digits = false;
  for (let index = at; index < at + length; index++) {
    const byte = bytes[index]!;
    if (byte >= 0x30 && byte <= 0x37) {
      value = value * 8 + byte - 0x30;
      digits = true;
    } else if (byte === 0 || byte === 0x20) {
      if (digits) break;
    } else return Number.NaN;
  }
  return value;
}

function readBase256(bytes: Buffer, at: number, length: number): number {
  if (bytes[at]! & 0x40) return Number.NaN;
  let value = bytes[at]! & 0x3f;
  for (let index = at + 1; index < at + length; index++) value = value * 256 + bytes[index]!;
  return value;
}

/** Sum of the bytes of a header with its checksum field as blanks: four bytes at a time, in two lanes of 16 bits. */
function checksum(bytes: Buffer, at: number): number {
  let lanes = 0;
  for (let index = at; index < at + BLOCK; index += 4) {
    const word = bytes[index]! | (bytes[index + 1]! << 8) | (bytes[index + 2]! << 16) | (bytes[index + 3]! << 24);
    lanes += (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff);
  }
  let sum = (lanes & 0xffff) + (lanes >>> 16) + 8 * 0x20;
  for (let index = at + 148; index < at + 156; index++) sum -= bytes[index]!;
  return sum;
}
