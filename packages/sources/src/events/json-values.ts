/** A value of the stream, with its text where it is a line, or what was wrong in its place. Lines count from one. */
export type JsonPiece = { line: number; value: unknown; text?: string } | { line: number; problem: string };

/** Takes pieces in their order; a list does. */
export interface JsonSink {
  push(piece: JsonPiece): void;
  /** Takes a line, of those of which each is a value, before it is parsed; false where it does not know how. */
  take?(text: string, start: number, end: number, line: number): boolean;
}

const DEEPEST = 128;
const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** What may stand between values: spaces, commas and brackets of an enclosing array, record separators, a mark. */
const BETWEEN = new Set([0x20, 0x09, 0x0d, NEWLINE, 0x2c, OPEN_BRACKET, CLOSE_BRACKET, 0x1e, 0xfeff]);

/**
 * Finds JSON objects in any layout by counting brackets. After something broken it goes on at the next line that
 * begins with `{`.
 */
export class JsonValues {
  readonly #longest: number;
  #line: number;
  #startLine: number;
  #partial = '';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #lost = false;
  #lineStart = true;

  /** `line` is the number of the first line pushed. */
  constructor(longest: number, line: number) {
    this.#longest = longest;
    this.#line = line;
    this.#startLine = line;
  }

  /** Adds input; what it completed goes to `pieces`. */
  push(chunk: string, pieces: JsonSink): void {
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const code = chunk.charCodeAt(index);
      const wasInside = this.#depth > 0;
      const finished = this.#step(code, pieces);
      if (!wasInside && this.#depth > 0) start = index;
      if (finished) {
        this.#finish(this.#partial + chunk.slice(start, index + 1), pieces);
        this.#partial = '';
      } else if (wasInside && this.#depth === 0) this.#partial = '';
      if (code === NEWLINE) this.#line += 1;
      this.#lineStart = code === NEWLINE;
    }
    if (this.#depth === 0) return;
    this.#partial += chunk.slice(start);
    if (this.#partial.length > this.#longest) {
      this.#partial = '';
      this.#lose(`the value is longer than ${this.#longest} characters`, pieces);
    }
  }

  /** Says that the input ended. */
  end(pieces: JsonSink): void {
    if (this.#depth > 0) this.#lose('the input ends in the middle of a value', pieces);
  }

  /** Advances by one character; true when it completed a value. */
  #step(code: number, pieces: JsonSink): boolean {
    if (this.#depth === 0) this.#between(code, pieces);
    else if (this.#inString) this.#insideString(code, pieces);
    else if (code === QUOTE) this.#inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      this.#depth += 1;
      if (this.#depth > DEEPEST) this.#lose(`the value is nested deeper than ${DEEPEST}`, pieces);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }

  #between(code: number, pieces: JsonSink): void {
    if (this.#lost && !(this.#lineStart && code === OPEN_BRACE)) return;
    this.#lost = false;
    if (code === OPEN_BRACE) {
      this.#depth = 1;
      this.#startLine = this.#line;
    } else if (!BETWEEN.has(code)) {
      this.#startLine = this.#line;
      this.#lose('not JSON', pieces);
    }
  }

  #insideString(code: number, pieces: JsonSink): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
    else if (code === NEWLINE) this.#lose('a string is not closed', pieces);
  }

  #finish(text: string, pieces: JsonSink): void {
    try {
      if (text.length > this.#longest) throw new SyntaxError('too long');
      pieces.push({ line: this.#startLine, value: JSON.parse(text) });
    } catch {
      pieces.push({ line: this.#startLine, problem: 'not JSON' });
    }
  }

  #lose(problem: string, pieces: JsonSink): void {
    pieces.push({ line: this.#startLine, problem });
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#lost = true;
  }
}
