/** One way of proving who asks, as a server offers it (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  scheme: string;
  /** Names in lower case. */
  parameters: Map<string, string>;
}

const LONGEST = 8192;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const QUOTED = /"((?:[^"\\\r\n]|\\[^\r\n])*)"/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const COMMA = /[ \t]*(?:,[ \t]*)+/y;
const SPACE = / +/y;

/** Parses `WWW-Authenticate`, which may hold several challenges. Undefined where it does not follow the grammar. */
export function parseChallenges(header: string): Challenge[] | undefined {
  if (header.length > LONGEST) return undefined;
  const text = header.trim();
  const challenges: Challenge[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    const name = take(TOKEN)?.[0]?.toLowerCase();
    if (name === undefined) return undefined;
    if (take(EQUALS) === undefined) {
      challenges.push({ scheme: name, parameters: new Map() });
      if (at < text.length && take(COMMA) === undefined && take(SPACE) === undefined) return undefined;
      continue;
    }
    const value = take(QUOTED)?.[1]?.replace(/\\(.)/g, '$1') ?? take(TOKEN)?.[0];
    const parameters = challenges.at(-1)?.parameters;
    if (value === undefined || parameters === undefined || parameters.has(name)) return undefined;
    parameters.set(name, value);
    if (at < text.length && take(COMMA) === undefined) return undefined;
  }
  return challenges;
}
