import { type JsonSink, JsonValues } from './json-values.ts';

/** Without a line break in this many characters the input is no list of lines. */
const LONGEST_FIRST_LINE = 65_536;

/**
 * Takes JSON apart as it arrives: a value a line, one array, or values one after the other in any layout. A broken
 * line costs that line only. Memory is bounded by the longest value allowed.
 */
export class JsonStream {
  readonly #longest: number;
  #mode: 'undecided' | 'lines' | 'values' = 'undecided';
  #values: JsonValues;
  /** The end of the last chunk that is not yet a whole line. */
  #rest = '';
  #line = 1;
  #skipping = false;
  /** A line that is no JSON by itself, held until the next one tells whether it begins a pretty-printed value. */
  #held: { line: number; text: string } | undefined;

  /** `longest` is the most characters one value may have. */
  constructor(longest: number) {
    this.#longest = longest;
    this.#values = new JsonValues(longest, 1);
  }

  /** Adds input; what it completed goes to `pieces`. */
  push<Sink extends JsonSink>(chunk: string, pieces: Sink): Sink {
    if (this.#mode === 'values') this.#values.push(chunk, pieces);
    else this.#pushLines(chunk, pieces);
    return pieces;
  }

  /** Says that the input ended; what was left goes to `pieces`. */
  end<Sink extends JsonSink>(pieces: Sink): Sink {
    if (this.#mode !== 'values' && !this.#skipping && this.#rest !== '') this.#takeLine(this.#rest, pieces);
    if (this.#held) this.#switchToValues(pieces, '');
    if (this.#mode === 'values') this.#values.end(pieces);
    return pieces;
  }

  #pushLines(chunk: string, pieces: JsonSink): void {
    const text = this.#rest === '' ? chunk : this.#rest + chunk;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (this.#skipping) this.#skipping = false;
      else if (!this.#isTaken(text, start, end, pieces)) this.#takeLine(text.slice(start, end), pieces);
      start = end + 1;
      if (this.#mode === 'values') {
        this.#values.push(text.slice(start), pieces);
        return;
      }
      this.#line += 1;
    }
    this.#rest = this.#skipping ? '' : text.slice(start);
    if (this.#mode === 'undecided' && this.#rest.length > LONGEST_FIRST_LINE) {
      const rest = this.#rest;
      this.#switchToValues(pieces, rest);
    } else if (this.#rest.length > this.#longest) {
      pieces.push({ line: this.#line, problem: `the line is longer than ${this.#longest} characters` });
      this.#rest = '';
      this.#skipping = true;
    }
  }

  /** Whether whoever takes the pieces knows lines like this one. */
  #isTaken(text: string, start: number, end: number, pieces: JsonSink): boolean {
    if (pieces.take === undefined || this.#mode !== 'lines' || this.#held || end - start > this.#longest) return false;
    return pieces.take(text, start, end, this.#line);
  }

  #takeLine(raw: string, pieces: JsonSink): void {
    const text = structural(raw);
    if (text === '') return;
    if (text.length > this.#longest) {
      pieces.push({ line: this.#line, problem: `the line is longer than ${this.#longest} characters` });
      return;
    }
    const value = parse(text);
    if (value !== undefined) {
      this.#mode = 'lines';
      if (this.#held) this.#takeApart(this.#held, pieces);
      this.#held = undefined;
      if (!Array.isArray(value)) pieces.push({ line: this.#line, value, text });
      else for (const element of value) pieces.push({ line: this.#line, value: element });
    } else if (this.#held) this.#switchToValues(pieces, `${raw}\n`);
    else if (this.#mode === 'lines' && text !== '{') this.#takeApart({ line: this.#line, text }, pieces);
    else this.#held = { line: this.#line, text: raw };
  }

  /** A line that is no JSON may still hold several values one after the other. */
  #takeApart({ line, text }: { line: number; text: string }, pieces: JsonSink): void {
    const values = new JsonValues(this.#longest, line);
    values.push(text, pieces);
    values.end(pieces);
  }

  #switchToValues(pieces: JsonSink, next: string): void {
    this.#mode = 'values';
    this.#rest = '';
    const first = this.#held;
    this.#held = undefined;
    this.#values = new JsonValues(this.#longest, first?.line ?? this.#line);
    const between = first && next !== '' ? '\n'.repeat(this.#line - first.line) : '';
    this.#values.push(`${first?.text ?? ''}${between}${next}`, pieces);
  }
}

/** The line without spaces, a byte order mark, and the brackets and commas of an array that has a value a line. */
function structural(line: string): string {
  const text = line.trim();
  if (text === '[' || text === ']' || text === ',') return '';
  return text.endsWith(',') ? text.slice(0, -1) : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
