/** A file of an archive. */
export interface TarEntry {
  /** Relative, with `/` between folders. */
  name: string;
  bytes: Uint8Array;
}

const BLOCK = 512;
/** Longest name that the old header holds. */
const LONGEST_NAME = 100;

/** Writes files as a POSIX archive (pax), all with one time and readable by their owner alone. */
export function writeTar(entries: readonly TarEntry[], time: Date): Uint8Array {
  const seconds = Math.floor(time.getTime() / 1000);
  const parts: Uint8Array[] = [];
  for (const { name, bytes } of entries) {
    const written = Buffer.from(name, 'utf8');
    if (written.length > LONGEST_NAME) {
      const record = paxRecord('path', name);
      parts.push(header('pax-header', record.length, seconds, 'x'), padded(record));
    }
    parts.push(header(written.subarray(0, LONGEST_NAME).toString('latin1'), bytes.length, seconds, '0'), padded(bytes));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}

function header(name: string, size: number, seconds: number, type: '0' | 'x'): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, LONGEST_NAME, 'latin1');
  block.write(octal(0o600, 8), 100, 'latin1');
  block.write(octal(0, 8), 108, 'latin1');
  block.write(octal(0, 8), 116, 'latin1');
  block.write(octal(size, 12), 124, 'latin1');
  block.write(octal(seconds, 12), 136, 'latin1');
  block.fill(' ', 148, 156);
  block.write(type, 156, 'latin1');
  block.write('ustar\0', 257, 'latin1');
  block.write('00', 263, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;

function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % BLOCK;
  return rest === 0 ? bytes : Buffer.concat([bytes, new Uint8Array(BLOCK - rest)]);
}

/** `LENGTH key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`, 'utf8');
}
