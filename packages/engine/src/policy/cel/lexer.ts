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
const IDENTIFIER = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const QUOTED_IDENTIFIER = /`([a-zA-Z0-9_./\- ]+)`/y;
const NUMBER =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|[0-9]+[uU]?/y;
const STRING_START = /(?:[rR][bB]?|[bB][rR]?)?("""|'''|"|')/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()[\]{}]/y;

/** The tokens of an expression, ended by one of type `end`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(source);
  };
  while (true) {
    offset += match(SPACE)?.[0].length ?? 0;
    if (offset >= source.length) break;
    const opening = match(STRING_START);
    if (opening !== null) {
      const quoted = readQuoted(source, offset, opening[0], opening[1] ?? '"');
      tokens.push({ type: quoted.bytes ? 'bytes' : 'string', text: quoted.text, bytes: quoted.bytes, start: offset });
      offset = quoted.end;
      continue;
    }
    const token = readToken(match, offset);
    if (token === undefined) {
      throw new ExpressionError(`unexpected character ${JSON.stringify(source[offset])}`, source, offset);
    }
    tokens.push(token.token);
    offset += token.length;
  }
  tokens.push({ type: 'end', text: 'end of the expression', start: source.length });
  return tokens;
}

function readToken(
  match: (pattern: RegExp) => RegExpExecArray | null,
  start: number,
): { token: Token; length: number } | undefined {
  const number = match(NUMBER)?.[0];
  if (number !== undefined) {
    const type = /[uU]$/.test(number) ? 'uint' : /^0[xX]|^[0-9]+$/.test(number) ? 'int' : 'double';
    return { token: { type, text: number, start }, length: number.length };
  }
  const quoted = match(QUOTED_IDENTIFIER);
  if (quoted !== null) {
    return { token: { type: 'quoted-identifier', text: quoted[1] ?? '', start }, length: quoted[0].length };
  }
  const identifier = match(IDENTIFIER)?.[0];
  if (identifier !== undefined) {
    return { token: { type: 'identifier', text: identifier, start }, length: identifier.length };
  }
  const symbol = match(SYMBOL)?.[0];
  return symbol === undefined ? undefined : { token: { type: 'symbol', text: symbol, start }, length: symbol.length };
}
