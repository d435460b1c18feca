import { isUtf8 } from 'node:buffer';

/**
 * A name of the kernel's as text. Names are bytes, and need not be UTF-8: each byte that is none becomes U+FFFD with its
 * two digits, so that names that differ stay different.
 */
export function pathText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes[at]!);
    const character = bytes.subarray(at, at + length);
    const isWhole = character.length === length && isUtf8(character);
    text += isWhole ? character.toString('utf8') : `\ufffd${bytes[at]!.toString(16).padStart(2, '0')}`;
    at += isWhole ? length : 1;
  }
  return text;
}

const lengthOfCharacter = (first: number): number => (first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
