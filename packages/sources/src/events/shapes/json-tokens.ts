import type { JsonPath } from './line-reading.ts';

/** A value that stands in a text: a string without its quotes, a number, or an object or a list as a whole. */
export interface JsonToken {
  kind: 'string' | 'number' | 'whole';
  path: JsonPath;
  start: number;
  end: number;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const MOST_TOKENS = 256;
const DEEPEST = 24;

/**
 * The values of a JSON text that is known to be whole, but `true`, `false`, `null` and what is empty. Those that `isWhole`
 * says so of are not taken apart. Undefined where there are too many, they lie too deep, or a name stands twice.
 */
export function tokensOf(text: string, isWhole: (path: JsonPath) => boolean): JsonToken[] | undefined {
  const walk = new Walk(text, isWhole);
  return walk.value(0, []) < 0 ? undefined : walk.tokens;
}

/** Where a string ends whose first character is at `at`: the place of its quote, or -1. */
export function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (first > at && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return -1;
}

/** Behind the last character that could belong to a number. */
export function endOfNumber(text: string, at: number): number {
  let end = at;
  while (isNumeric(text.charCodeAt(end))) end += 1;
  return end;
}

/** Behind the bracket that closes the object or list at `at`, or -1 before `limit`: what is between may be no JSON. */
export function endOfWhole(text: string, at: number, limit: number): number {
  let depth = 0;
  for (let place = at; place < limit; place += 1) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) {
      place = endOfString(text, place + 1);
      if (place < 0) return -1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return place + 1;
    } else if (code < 0x20) return -1;
  }
  return -1;
}

/** Each step gives the place behind what it read, or -1 for what is not to be taken apart. */
class Walk {
  readonly tokens: JsonToken[] = [];
  readonly #text: string;
  readonly #isWhole: (path: JsonPath) => boolean;

  constructor(text: string, isWhole: (path: JsonPath) => boolean) {
    this.#text = text;
    this.#isWhole = isWhole;
  }

  value(before: number, path: JsonPath): number {
    const start = this.#space(before);
    const code = this.#text.charCodeAt(start);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (path.length > 0 && this.#isWhole(path))
        return this.#add('whole', path, start, endOfWhole(this.#text, start, this.#text.length));
      return path.length > DEEPEST ? -1 : this.#inside(start, path, code === OPEN_BRACE);
    }
    if (code === QUOTE) {
      const end = endOfString(this.#text, start + 1);
      return this.#add('string', path, start + 1, end) < 0 ? -1 : end + 1;
    }
    if (isNumeric(code) && code < 0x3a) return this.#add('number', path, start, endOfNumber(this.#text, start));
    return this.#text.startsWith('false', start) ? start + 5 : start + 4;
  }

  #inside(start: number, path: JsonPath, isObject: boolean): number {
    const names = new Set<string>();
    let at = this.#space(start + 1);
    if (isClosing(this.#text.charCodeAt(at))) return at + 1;
    for (let index = 0; ; index += 1) {
      let name: string | number = index;
      if (isObject) {
        const end = endOfString(this.#text, at + 1);
        name = JSON.parse(this.#text.slice(at, end + 1)) as string;
        if (names.has(name) || name === '__proto__') return -1;
        names.add(name);
        at = this.#space(end + 1);
        if (this.#text.charCodeAt(at) !== COLON) return -1;
        at += 1;
      }
      at = this.value(at, [...path, name]);
      if (at < 0) return -1;
      at = this.#space(at);
      if (this.#text.charCodeAt(at) !== COMMA) return at + 1;
      at = this.#space(at + 1);
    }
  }

  #space(at: number): number {
    let end = at;
    while (this.#text.charCodeAt(end) <= 0x20) end += 1;
    return end;
  }

  #add(kind: JsonToken['kind'], path: JsonPath, start: number, end: number): number {
    if (end < 0 || this.tokens.length >= MOST_TOKENS) return -1;
    this.tokens.push({ kind, path, start, end });
    return end;
  }
}

const isClosing = (code: number): boolean => code === CLOSE_BRACE || code === CLOSE_BRACKET;

/** A digit, a sign, a point or the letter before an exponent. */
const isNumeric = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
