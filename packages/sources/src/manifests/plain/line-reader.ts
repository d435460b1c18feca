/** Thrown where a text is not as plain as this reader knows it: another reader has to read it. */
export class NotPlain extends Error {}

/** One for all: nobody looks at where it was thrown. */
const NOT_PLAIN = new NotPlain('not plain');

/** Gives up on the text. */
export function refuse(): never {
  throw NOT_PLAIN;
}

/** Anything but printable ASCII and line feeds. */
const UNUSUAL = /[^\n\x20-\x7e]/;

const SPACE = 32;
const HASH = 35;
const DASH = 45;

/** Goes through the lines of a text that say something, one at a time. */
export class LineReader {
  readonly text: string;
  /** Spaces before what the line says; -1 at the end of a document. */
  indent = -1;
  /** Offset of what it says, and the offset behind it, without spaces at the end. */
  from = 0;
  end = 0;
  /** Whether a document marker or the end of the text was met. */
  atMarker = false;
  #next: number;

  /** Begins at the line that `next` is the offset of. */
  constructor(text: string, next = 0) {
    if (UNUSUAL.test(text)) refuse();
    this.text = text;
    this.#next = next;
  }

  /** Goes to the next line that says something. `indent` is -1 at a marker (`---`) and at the end of the text. */
  advance(): void {
    const { text } = this;
    for (let start = this.#next; start < text.length; start = this.#next) {
      let end = text.indexOf('\n', start);
      if (end === -1) end = text.length;
      this.#next = end + 1;
      let from = start;
      while (from < end && text.charCodeAt(from) === SPACE) from++;
      if (from === end || text.charCodeAt(from) === HASH) continue;
      while (text.charCodeAt(end - 1) === SPACE) end--;
      this.from = from;
      this.end = end;
      this.atMarker = from === start && this.#isMarker(from, end);
      this.indent = this.atMarker ? -1 : from - start;
      return;
    }
    this.atMarker = false;
    this.indent = -1;
  }

  /** Offset of the line below the current one. */
  get below(): number {
    return this.#next;
  }

  /**
   * The lines below the current one as they are written, as far as they are indented deeper than `indent`: without the
   * indentation of the first of them, and without empty ones at the end. `advance` goes on behind them. Refuses where
   * what they say depends on more than that.
   */
  takeBelow(indent: number): string[] {
    const { text } = this;
    const lines: string[] = [];
    let filled = 0;
    let own = -1;
    for (let start = this.#next; start < text.length; start = this.#next) {
      let end = text.indexOf('\n', start);
      if (end === -1) end = text.length;
      let from = start;
      while (from < end && text.charCodeAt(from) === SPACE) from++;
      if (from < end) {
        if (own === -1) own = from - start > indent ? from - start : refuse();
        if (from - start < own) {
          if (from - start > indent) refuse();
          break;
        }
        filled = lines.length + 1;
      } else if (own === -1 || from - start > own) refuse();
      if (from < end && (end === text.length || text.charCodeAt(end - 1) === SPACE)) refuse();
      lines.push(from < end ? text.slice(start + own, end) : '');
      this.#next = end + 1;
    }
    return own === -1 ? refuse() : lines.slice(0, filled);
  }

  /** `---` alone on its line; what else begins a line so, ends a document or gives directions is not plain. */
  #isMarker(from: number, end: number): boolean {
    const { text } = this;
    if (text.startsWith('---', from)) return end - from === 3 || refuse();
    return text.startsWith('...', from) || text.charCodeAt(from) === 37 ? refuse() : false;
  }

  /** Whether the line is an item of a list. */
  get isItem(): boolean {
    const { text, from, end } = this;
    return text.charCodeAt(from) === DASH && (from + 1 === end || text.charCodeAt(from + 1) === SPACE);
  }

  /** Offset of what follows `at` on the line, behind spaces; that of the end where nothing or a comment follows. */
  contentAfter(at: number): number {
    const { text, end } = this;
    let from = at;
    while (from < end && text.charCodeAt(from) === SPACE) from++;
    return text.charCodeAt(from) === HASH ? (from > at ? end : refuse()) : from;
  }

  /** Goes on inside of the line, as if it began there: behind the dash of an item. */
  enter(at: number): void {
    this.indent += at - this.from;
    this.from = at;
  }
}

/** Number of the line that an offset is on, one-based, counted on from a known one. */
export function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
