import { type LineReader, refuse } from './line-reader.ts';
import type { Maker } from './maker.ts';

/**
 * Reads what stands on a line from an offset to its end, a comment behind it left out; a collection goes on below on lines
 * that are indented deeper than `indent`.
 */
export function readFlow<T>(lines: LineReader, from: number, maker: Maker<T>, indent: number): T {
  const { text, end } = lines;
  switch (text[from]) {
    case '"':
    case "'": {
      const close = endOfQuoted(text, from, end);
      if (lines.contentAfter(close) !== end) refuse();
      return maker.scalar(text.slice(from + 1, close - 1), from, true);
    }
    case '[':
    case '{': {
      const reader = new FlowReader(lines, from, maker, indent);
      const value = reader.collection(0);
      if (lines.contentAfter(reader.at) !== lines.end) refuse();
      return value;
    }
    default:
      return maker.scalar(plainText(text.slice(from, end)), from, false);
  }
}

/** What begins a scalar with a meaning of its own. A dash before a space is an item. */
const SPECIAL = /^(?:[!&*|>%@`#,\]}?:]|-(?: |$))/;

/** The text of a plain scalar, without a comment behind it. */
function plainText(written: string): string {
  const comment = written.indexOf(' #');
  const text = comment === -1 ? written : written.slice(0, comment).trimEnd();
  if (SPECIAL.test(text) || text.includes(': ') || text.endsWith(':')) refuse();
  return text;
}

/** Offset behind the closing quote, where nothing in between has to be replaced. */
function endOfQuoted(text: string, from: number, end: number): number {
  const quote = text[from] as string;
  const close = text.indexOf(quote, from + 1);
  if (close === -1 || close >= end) return refuse();
  if (quote === "'" && text[close + 1] === "'") refuse();
  const backslash = quote === '"' ? text.indexOf('\\', from) : -1;
  return backslash !== -1 && backslash < close ? refuse() : close + 1;
}

const MAX_DEPTH = 20;
/** A name as a key; a scalar that has nothing of a collection in it. */
const KEY = /[A-Za-z][A-Za-z0-9_./-]*(?=: )/y;
const SCALAR = /[A-Za-z0-9_./+=~-][A-Za-z0-9_./+=@~-]*(?::[A-Za-z0-9_./+=@~-]+)*(?=[ \n,\]}])/y;
const NO_NAME = /^(?:null|true|false|yes|no|on|off|y|n|__proto__)$/i;

/** Collections in brackets: `[a, "b"]`, `{ a: 1 }`. */
class FlowReader<T> {
  at: number;
  readonly #text: string;
  readonly #lines: LineReader;
  readonly #maker: Maker<T>;
  readonly #indent: number;

  constructor(lines: LineReader, at: number, maker: Maker<T>, indent: number) {
    this.#text = lines.text;
    this.#lines = lines;
    this.at = at;
    this.#maker = maker;
    this.#indent = indent;
  }

  collection(depth: number): T {
    if (depth > MAX_DEPTH) refuse();
    const start = this.at++;
    if (this.#text[start] === '{') return this.#mapping(start, depth);
    const items: T[] = [];
    for (let more = !this.#meets(']'); more; more = this.#goesOn(']')) items.push(this.#value(depth));
    return this.#maker.list(items, start);
  }

  #mapping(start: number, depth: number): T {
    const mapping = this.#maker.mapping(start);
    for (let more = !this.#meets('}'); more; more = this.#goesOn('}')) {
      const from = this.at;
      const key = this.#match(KEY);
      if (NO_NAME.test(key)) refuse();
      this.at += 1;
      this.#skip();
      this.#maker.pair(mapping, key, from, this.#value(depth));
    }
    return mapping;
  }

  #value(depth: number): T {
    const from = this.at;
    const first = this.#text[from];
    if (first === '[' || first === '{') return this.collection(depth + 1);
    if (first === '"' || first === "'") {
      this.at = endOfQuoted(this.#text, from, this.#lines.end);
      return this.#maker.scalar(this.#text.slice(from + 1, this.at - 1), from, true);
    }
    const scalar = this.#match(SCALAR);
    return scalar === '-' ? refuse() : this.#maker.scalar(scalar, from, false);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return refuse();
    this.at += found.length;
    return found;
  }

  #skip(): void {
    const lines = this.#lines;
    while (this.#text[this.at] === ' ') this.at++;
    if (this.at < lines.end) return;
    lines.advance();
    if (lines.indent <= this.#indent) refuse();
    this.at = lines.from;
  }

  #meets(close: string): boolean {
    this.#skip();
    if (this.#text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  /** Whether a comma and another item follow; the end is passed. */
  #goesOn(close: string): boolean {
    if (this.#meets(close)) return false;
    if (this.#text[this.at] !== ',') refuse();
    this.at++;
    this.#skip();
    return this.#text[this.at] !== close || refuse();
  }
}
