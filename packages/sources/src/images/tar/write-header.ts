import { BLOCK } from './header.ts';

export interface HeaderFields {
  name: string;
  type: 'file' | 'symbolic-link' | 'folder' | 'device';
  size?: number;
  mode?: number;
  link?: string;
}

const FLAGS = { file: '0', 'symbolic-link': '2', folder: '5', device: '3' };

/** The blocks that announce one entry: a ustar header, after a PAX header where name or link are long or not ASCII. */
export function writeHeader({ name, type, size = 0, mode = 0o644, link = '' }: HeaderFields): Buffer {
  const records = [
    ...(fits(name) ? [] : [paxRecord('path', name)]),
    ...(fits(link) ? [] : [paxRecord('linkpath', link)]),
    ...(size < 8 ** 11 ? [] : [paxRecord('size', String(size))]),
  ];
  const header = block(
    FLAGS[type],
    fits(name) ? name : 'long',
    size < 8 ** 11 ? size : 0,
    mode,
    fits(link) ? link : 'long',
  );
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  return Buffer.concat([block('x', 'pax', body.length, 0o644, ''), body, padding(body.length), header]);
}

/** Zeros from the end of a body of `size` bytes to the next block. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The two blocks of zeros that end an archive. */
export function endOfArchive(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= 100 && /^[ -~]*$/.test(text);
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function block(flag: string, name: string, size: number, mode: number, link: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  header.write(`${octal(mode & 0o7777, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'latin1');
  header.write(`${octal(size, 11)}\0${octal(0, 11)}\0        ${flag}`, 124, 'latin1');
  header.write(link, 157, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return header;
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, '0');
}
