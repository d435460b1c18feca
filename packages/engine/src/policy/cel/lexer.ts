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
  bytes?: Uint8Array;
  /** Offset in the source. */
  start: number;
}

const SPACE = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y;
const QUOTED_IDENTIFIER = /`([a-zA-Z0-9_./\- ]+)`/y;
const NUMBER =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|[0-9]+[uU]?/y;
const STRING_START = /(?:[rR][bB]?|[bB][rR]?)?("""|'''|"|')/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()[\]{}]/y;

const SPACES = ' \t\n\f\r/';
const QUOTES = '"\'rRbB';

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
    const opening = QUOTES.includes(character) ? matchAt(STRING_START, source, offset) : null;
    if (opening !== null) {
      const quoted = readQuoted(source, offset, opening[0], opening[1] ?? '"');
      tokens.push({ type: quoted.bytes ? 'bytes' : 'string', text: quoted.text, bytes: quoted.bytes, start: offset });
      offset = quoted.end;
      continue;
    }
    const token = readToken(source, offset);
    if (token === undefined) {
      throw new ExpressionError(`unexpected character ${JSON.stringify(source[offset])}`, source, offset);
    }
    tokens.push(token.token);
    offset += token.length;
  }
  tokens.push({ type: 'end', text: 'end of the expression', start: source.length });
  return tokens;
}

function matchAt(pattern: RegExp, source: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(source);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

function readToken(source: string, start: number): { token: Token; length: number } | undefined {
  const code = source.charCodeAt(start);
  if (isLetter(code)) {
    let end = start + 1;
    for (let next = source.charCodeAt(end); isLetter(next) || isDigit(next); next = source.charCodeAt(end)) end++;
    return { token: { type: 'identifier', text: source.slice(start, end), start }, length: end - start };
  }
  const number = isDigit(code) || source[start] === '.' ? matchAt(NUMBER, source, start)?.[0] : undefined;
  if (number !== undefined) {
    const type = /[uU]$/.test(number) ? 'uint' : /^0[xX]|^[0-9]+$/.test(number) ? 'int' : 'double';
    return { token: { type, text: number, start }, length: number.length };
  }
  const quoted = source[start] === '`' ? matchAt(QUOTED_IDENTIFIER, source, start) : null;
  if (quoted !== null) {
    return { token: { type: 'quoted-identifier', text: quoted[1] ?? '', start }, length: quoted[0].length };
  }
  const symbol = matchAt(SYMBOL, source, start)?.[0];
  return symbol === undefined ? undefined : { token: { type: 'symbol', text: symbol, start }, length: symbol.length };
}
