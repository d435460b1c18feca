import { ExpressionError } from './expression-error.ts';

const SIMPLE: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};
const NUMERIC = /x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})/y;
/** Escapes, ends of lines, and what may be half of a character. */
const SPECIAL = /[\\\n\r\ud800-\udfff]/;
const encoder = new TextEncoder();

interface Quoted {
  text: string;
  bytes?: Uint8Array;
  end: number;
}

/** A string or bytes literal that begins at `start` with `opening` (prefix and quote). */
export function readQuoted(source: string, start: number, opening: string, quote: string): Quoted {
  const raw = /r/i.test(opening);
  const bytes = /b/i.test(opening) ? ([] as number[]) : undefined;
  let offset = start + opening.length;
  const plain = bytes === undefined ? plainText(source, offset, quote) : undefined;
  if (plain !== undefined) return { text: plain, end: offset + plain.length + quote.length };
  let text = '';
  const add = (part: string): void => {
    if (bytes === undefined) text += part;
    else for (const byte of encoder.encode(part)) bytes.push(byte);
  };
  while (!source.startsWith(quote, offset)) {
    const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
    if (offset >= source.length || (quote.length === 1 && (character === '\n' || character === '\r'))) {
      throw new ExpressionError('the string is not closed', source, start);
    }
    if (character === '\\' && !raw) {
      offset = readEscape(source, offset, add, bytes);
    } else {
      add(character);
      offset += character.length;
    }
  }
  return { text, bytes: bytes && Uint8Array.from(bytes), end: offset + quote.length };
}

/** What stands between the quotes, where nothing in it has a meaning of its own: nearly always. */
function plainText(source: string, start: number, quote: string): string | undefined {
  const end = source.indexOf(quote, start);
  if (end === -1) return undefined;
  const text = source.slice(start, end);
  return SPECIAL.test(text) ? undefined : text;
}

/** Decodes the escape at `offset`; in bytes, `\x` and octal stand for a byte, and `\u` is not allowed. */
function readEscape(source: string, offset: number, add: (part: string) => void, bytes?: number[]): number {
  const simple = SIMPLE[source[offset + 1] ?? ''];
  if (simple !== undefined) {
    add(simple);
    return offset + 2;
  }
  NUMERIC.lastIndex = offset + 1;
  const match = NUMERIC.exec(source);
  if (match === null) throw new ExpressionError('unknown escape in a string', source, offset);
  const [whole, hex, upperHex, short, long, octal] = match;
  const code = Number.parseInt(hex ?? upperHex ?? short ?? long ?? octal ?? '', octal === undefined ? 16 : 8);
  const wide = short !== undefined || long !== undefined;
  if (bytes !== undefined) {
    if (wide) throw new ExpressionError('bytes have no \\u escapes', source, offset);
    bytes.push(code);
  } else {
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new ExpressionError('the escape is no Unicode character', source, offset);
    }
    add(String.fromCodePoint(code));
  }
  return offset + 1 + whole.length;
}
