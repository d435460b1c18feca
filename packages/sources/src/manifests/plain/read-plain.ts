import { LineReader, refuse } from './line-reader.ts';
import type { Maker } from './maker.ts';
import { isBlock, readBlock } from './read-block.ts';
import { readFlow } from './read-flow.ts';

/** A document, with the offset at which its content begins. */
export interface PlainDocument<T> {
  start: number;
  value: T;
}

/* Below what the other reader takes. */
const MAX_DEPTH = 50;
const COLON = 58;
const SPACE = 32;

/**
 * Reads the YAML that manifests are nearly always written in, several times as fast as a parser of all of YAML: blocks of
 * mappings and lists, scalars and collections in brackets, texts over several lines, comments, documents. Refuses
 * (`NotPlain`) whatever else it meets: anchors, tags, quotes with escapes, keys that are no names.
 */
export function readPlain<T>(text: string, maker: Maker<T>): PlainDocument<T>[] {
  const reader = new PlainReader(text, maker);
  return reader.documents();
}

class PlainReader<T> {
  readonly #lines: LineReader;
  readonly #maker: Maker<T>;
  #depth = 0;

  constructor(text: string, maker: Maker<T>) {
    this.#lines = new LineReader(text);
    this.#maker = maker;
  }

  documents(): PlainDocument<T>[] {
    const lines = this.#lines;
    const documents: PlainDocument<T>[] = [];
    lines.advance();
    if (lines.atMarker) lines.advance();
    for (;;) {
      // An empty document counts as one: the other reader knows how.
      if (lines.indent === -1) return refuse();
      const start = lines.from;
      documents.push({ start, value: this.#block() });
      if (lines.indent !== -1) refuse();
      if (!lines.atMarker) return documents;
      lines.advance();
    }
  }

  /** A mapping or a list, from the line that is read on, as far as it is indented so. */
  #block(): T {
    if (this.#depth >= MAX_DEPTH) refuse();
    this.#depth++;
    const value = this.#lines.isItem ? this.#list() : this.#mapping();
    this.#depth--;
    return value;
  }

  #mapping(): T {
    const lines = this.#lines;
    const { indent } = lines;
    const mapping = this.#maker.mapping(lines.from);
    while (lines.indent === indent && !lines.isItem) {
      const { from } = lines;
      const colon = endOfKey(lines.text, from, lines.end);
      if (colon === -1) refuse();
      const value = this.#valueAfter(colon + 1, indent);
      this.#maker.pair(mapping, lines.text.slice(from, colon), from, value);
    }
    return lines.indent > indent ? refuse() : mapping;
  }

  /** Behind the colon of a key: on its line, or below; a list may stand as far out as the key. */
  #valueAfter(at: number, indent: number): T {
    const lines = this.#lines;
    const from = lines.contentAfter(at);
    if (from < lines.end) return this.#inLine(from, indent);
    lines.advance();
    if (lines.indent > indent) return opensFlow(lines) ? this.#inLine(lines.from, indent) : this.#block();
    return lines.indent === indent && lines.isItem ? this.#block() : this.#maker.nothing();
  }

  #list(): T {
    const lines = this.#lines;
    const { indent, from: start } = lines;
    const items: T[] = [];
    while (lines.indent === indent && lines.isItem) items.push(this.#item(indent));
    return lines.indent > indent ? refuse() : this.#maker.list(items, start);
  }

  #item(indent: number): T {
    const lines = this.#lines;
    const from = lines.contentAfter(lines.from + 1);
    if (from >= lines.end) {
      lines.advance();
      return lines.indent > indent ? this.#block() : this.#maker.nothing();
    }
    if (endOfKey(lines.text, from, lines.end) === -1) return this.#inLine(from, indent);
    lines.enter(from);
    return this.#block();
  }

  /** A scalar or a collection: what is indented more below would go on with it. */
  #inLine(from: number, indent: number): T {
    const lines = this.#lines;
    const { below } = lines;
    const value = isBlock(lines.text, from)
      ? this.#maker.scalar(readBlock(lines, from, indent), below, true)
      : readFlow(lines, from, this.#maker, indent);
    lines.advance();
    return lines.indent > indent ? refuse() : value;
  }
}

const opensFlow = ({ text, from }: LineReader): boolean => text[from] === '[' || text[from] === '{';

/** Words that are no texts as keys. */
const NO_NAME = /^(?:null|true|false|yes|no|on|off|y|n|__proto__)$/i;

/** Offset of the colon behind a key that is a name; -1 where there is none. */
function endOfKey(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isNamePart(text.charCodeAt(at))) at++;
  if (at === from || at === end || text.charCodeAt(at) !== COLON) return -1;
  if (at + 1 < end && text.charCodeAt(at + 1) !== SPACE) return -1;
  if (!isLetter(text.charCodeAt(from))) return refuse();
  return at - from <= 9 && NO_NAME.test(text.slice(from, at)) ? refuse() : at;
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);

/** Letters, digits and `-./_`. */
const isNamePart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 45 && code <= 57) || code === 95;
