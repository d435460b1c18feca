import { JmesPathError } from './jmespath-error.ts';

export interface Token {
  /** A punctuation mark as it is written, or what the token is. */
  kind: string;
  value: unknown;
  at: number;
}

const MAX_LENGTH = 10_000;
const SPACE = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9]+/y;
const PUNCTUATION = /\[\?|\[\]|\|\||&&|==|!=|<=|>=|[.*[\](){},:@&|<>!]/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const RAW = /'(?:[^'\\]|\\[\s\S])*'/y;
const LITERAL = /`(?:[^`\\]|\\[\s\S])*`/y;

function json(text: string, at: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JmesPathError(`column ${at + 1}: not JSON: ${text.slice(0, 40)}`);
  }
}

/** Between backticks stands JSON; a text without quotes is taken as one, as older expressions wrote it. */
function literal(text: string, at: number): unknown {
  const inner = text.slice(1, -1).replaceAll('\\`', '`').trim();
  const isJson = /^(?:["[{]|-?\d|true$|false$|null$)/.test(inner);
  return isJson ? json(inner, at) : inner;
}

const READERS: readonly (readonly [pattern: RegExp, kind: string, read: (text: string, at: number) => unknown])[] = [
  [NAME, 'name', (text) => text],
  [QUOTED, 'quoted', json],
  [RAW, 'literal', (text) => text.slice(1, -1).replaceAll("\\'", "'")],
  [LITERAL, 'literal', literal],
  [NUMBER, 'number', Number],
];

/** Cuts an expression into its tokens, an end mark last. */
export function tokenize(source: string): Token[] {
  if (source.length > MAX_LENGTH) throw new JmesPathError(`the expression is longer than ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const space = take(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = readToken(take, at);
    if (token === undefined) {
      throw new JmesPathError(`column ${at + 1}: unexpected ${JSON.stringify(source[at])}`);
    }
    tokens.push(token.token);
    at += token.length;
  }
  tokens.push({ kind: 'end', value: undefined, at });
  return tokens;
}

function readToken(
  take: (pattern: RegExp) => string | undefined,
  at: number,
): { token: Token; length: number } | undefined {
  for (const [pattern, kind, read] of READERS) {
    const text = take(pattern);
    if (text !== undefined) return { token: { kind, value: read(text, at), at }, length: text.length };
  }
  const mark = take(PUNCTUATION);
  return mark === undefined ? undefined : { token: { kind: mark, value: mark, at }, length: mark.length };
}
