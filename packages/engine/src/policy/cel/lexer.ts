import { ExpressionError } from './expression-error.ts';
import { readQuoted } from './literals.ts';

export type TokenType =
  | 'identifier'
  | 'quoted-identifier'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'symbol'
  | 'end';

export interface Token {
  type: TokenType;
  /** As written; for strings and quoted identifiers what they stand for. */
  text: string;
  bytes?: Uint8Array | undefined;
  /** Offset in the source, and the offset behind it. */
  start: number;
  end: number;
}

const SPACE = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y;
const QUOTED_IDENTIFIER = /`([a-zA-Z0-9_./\- ]+)`/y;
const NUMBER =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|[0-9]+[uU]?/y;
const STRING_START = /(?:[rR][bB]?|[bB][rR]?)?("""|'''|"|')/y;

const SPACES = ' \t\n\f\r/';
const QUOTES = '"\'rRbB';
const SYMBOLS = '-+*/%!<>?:.,()[]{}';
/** Symbols of two characters, by the first. */
const PAIRS: ReadonlyMap<string, string> = new Map(
  ['==', '!=', '<=', '>=', '&&', '||'].map((pair) => [pair.charAt(0), pair]),
);

/** The tokens of an expression, ended by one of type `end`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < source.length) {
    const character = source[offset] as string;
    if (SPACES.includes(character)) {
      const space = matchAt(SPACE, source, offset);
      offset += space?.[0].length ?? 0;
      if (space !== null) continue;
    }
    const token = readToken(source, offset, character);
    if (token === undefined)
      throw new ExpressionError(`unexpected character ${JSON.stringify(character)}`, source, offset);
    tokens.push(token);
    offset = token.end;
  }
  tokens.push({ type: 'end', text: 'end of the expression', bytes: undefined, start: offset, end: offset });
  return tokens;
}

function matchAt(pattern: RegExp, source: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(source);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

/* All tokens have the same fields in the same order: the parser reads them faster so. */
function readToken(source: string, start: number, first: string): Token | undefined {
  const opening = QUOTES.includes(first) ? matchAt(STRING_START, source, start) : null;
  if (opening !== null) {
    const { text, bytes, end } = readQuoted(source, start, opening[0], opening[1] ?? '"');
    return { type: bytes ? 'bytes' : 'string', text, bytes, start, end };
  }
  const code = source.charCodeAt(start);
  if (isLetter(code)) {
    let end = start + 1;
    for (let next = source.charCodeAt(end); isLetter(next) || isDigit(next); next = source.charCodeAt(end)) end++;
    return { type: 'identifier', text: source.slice(start, end), bytes: undefined, start, end };
  }
  const number = isDigit(code) || first === '.' ? matchAt(NUMBER, source, start)?.[0] : undefined;
  if (number !== undefined) {
    return { type: numberType(number), text: number, bytes: undefined, start, end: start + number.length };
  }
  const quoted = first === '`' ? matchAt(QUOTED_IDENTIFIER, source, start) : null;
  if (quoted !== null) {
    const [{ length }, text = ''] = quoted;
    return { type: 'quoted-identifier', text, bytes: undefined, start, end: start + length };
  }
  const pair = PAIRS.get(first);
  const symbol = pair !== undefined && source.startsWith(pair, start) ? pair : first;
  if (symbol.length === 1 && !SYMBOLS.includes(first)) return undefined;
  return { type: 'symbol', text: symbol, bytes: undefined, start, end: start + symbol.length };
}

const numberType = (text: string): TokenType =>
  /[uU]$/.test(text) ? 'uint' : /^0[xX]|^[0-9]+$/.test(text) ? 'int' : 'double';
