import { partFinder } from '../locate-in-events.ts';
import { LineReader } from './line-reader.ts';
import { PARTS } from './plain-parts.ts';
import { readFlow } from './read-flow.ts';

/** Something in a text, by the offset where it begins, with the line that this is on. */
interface Spot {
  offset: number;
  /** Zero-based. */
  line: number;
  lineStart: number;
}

/** What a key or an index leads to: where it is said to be, and what is there; nothing where only the key is. */
interface Step {
  at: Spot | undefined;
  value: Spot | undefined;
}

const LINE_FEED = 10;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
const COLON = 58;

/**
 * Finds fields in a text that is known to be plain, by the indentation of its lines: what lies beside the way to a field is
 * not read. Of any other text it would tell wrong places.
 */
export class FieldScanner {
  readonly #text: string;
  /** The way that was gone last: neighbours share most of it. */
  #document = -1;
  readonly #keys: (string | number)[] = [];
  readonly #steps: Step[] = [];
  #root: Spot | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The field's line and column, one-based, or those of its nearest ancestor. */
  find(document: number, pointer: readonly (string | number)[]): { line: number; column: number } {
    if (document !== this.#document) {
      this.#document = document;
      this.#root = this.#documentAt(document);
      this.#keys.length = 0;
    }
    const root = this.#root ?? { offset: 0, line: 0, lineStart: 0 };
    let spot = root;
    let value: Spot | undefined = this.#root;
    for (let depth = 0; depth < pointer.length && value !== undefined; depth += 1) {
      const key = pointer[depth]!;
      if (this.#opensFlow(value.offset)) return positionOf(this.#inFlow(value, pointer.slice(depth)) ?? spot);
      const step = this.#known(depth, key) ?? this.#stepInto(value, key);
      if (step === undefined) break;
      if (this.#keys.length <= depth || this.#keys[depth] !== key) {
        this.#keys.length = depth;
        this.#keys.push(key);
        this.#steps[depth] = step;
      }
      spot = step.at ?? spot;
      value = step.value;
    }
    return positionOf(spot);
  }

  #known(depth: number, key: string | number): Step | undefined {
    return depth < this.#keys.length && this.#keys[depth] === key ? this.#steps[depth] : undefined;
  }

  /** Where the contents of a document begin: a marker before the first of them begins none. */
  #documentAt(document: number): Spot | undefined {
    const text = this.#text;
    let spot = this.#significantFrom({ offset: 0, line: 0, lineStart: 0 });
    if (spot !== undefined && isMarker(text, spot)) spot = this.#below(spot);
    for (let left = document; left > 0 && spot !== undefined; ) {
      spot = this.#below(spot);
      if (spot === undefined || !isMarker(text, spot)) continue;
      left -= 1;
      spot = this.#below(spot);
    }
    return spot;
  }

  #stepInto(block: Spot, key: string | number): Step | undefined {
    if (this.#blockText(block) !== undefined) return undefined;
    if (!this.#isItem(block)) return this.#pair(block, String(key));
    return typeof key === 'number' ? this.#item(block, key) : undefined;
  }

  #pair(block: Spot, key: string): Step | undefined {
    const text = this.#text;
    for (let at: Spot | undefined = block; at !== undefined; at = this.#sibling(at, columnOf(block))) {
      const colon = at.offset + key.length;
      if (!text.startsWith(key, at.offset) || text.charCodeAt(colon) !== COLON || !this.#isApart(colon + 1)) continue;
      return { at, value: this.#valueFrom(at, colon + 1, columnOf(block), true) };
    }
    return undefined;
  }

  #item(list: Spot, index: number): Step | undefined {
    let at: Spot | undefined = list;
    for (let left = index; left > 0 && at !== undefined; left -= 1) {
      at = this.#sibling(at, columnOf(list));
      if (at !== undefined && !this.#isItem(at)) return undefined;
    }
    if (at === undefined) return undefined;
    const value = this.#valueFrom(at, at.offset + 1, columnOf(list), false);
    return value === undefined ? undefined : { at: this.#blockText(value) ?? value, value };
  }

  /** A text over several lines begins on the line below. */
  #blockText(value: Spot): Spot | undefined {
    const first = this.#text[value.offset];
    if (first !== '|' && first !== '>') return undefined;
    const lineStart = this.#text.indexOf('\n', value.offset) + 1;
    return { offset: lineStart, line: value.line + 1, lineStart };
  }

  /** What stands behind a colon or a dash, on its line or below. A list may stand as far out as its key. */
  #valueFrom(at: Spot, behind: number, column: number, isBehindKey: boolean): Spot | undefined {
    const text = this.#text;
    let offset = behind;
    while (text.charCodeAt(offset) === SPACE) offset++;
    const code = text.charCodeAt(offset);
    if (offset < text.length && code !== LINE_FEED && code !== HASH) return { ...at, offset };
    const below = this.#below(at);
    if (below === undefined || isMarker(text, below)) return undefined;
    const inner = columnOf(below);
    return inner > column || (isBehindKey && inner === column && this.#isItem(below)) ? below : undefined;
  }

  /** The next line that begins at a column, before one that begins further out. */
  #sibling(from: Spot, column: number): Spot | undefined {
    for (let next = this.#below(from); next !== undefined; next = this.#below(next)) {
      const own = columnOf(next);
      if (own < column || isMarker(this.#text, next)) return undefined;
      if (own === column) return next;
    }
    return undefined;
  }

  /** The next line that says something, or is a marker. */
  #below({ lineStart, line }: Spot): Spot | undefined {
    const end = this.#text.indexOf('\n', lineStart);
    return end === -1 ? undefined : this.#significantFrom({ offset: end + 1, line: line + 1, lineStart: end + 1 });
  }

  #significantFrom(start: Spot): Spot | undefined {
    const text = this.#text;
    let { lineStart, line } = start;
    for (;;) {
      let offset = lineStart;
      while (text.charCodeAt(offset) === SPACE) offset++;
      const code = text.charCodeAt(offset);
      if (offset < text.length && code !== LINE_FEED && code !== HASH) return { offset, line, lineStart };
      const end = text.indexOf('\n', offset);
      if (end === -1) return undefined;
      lineStart = end + 1;
      line += 1;
    }
  }

  #isItem({ offset }: Spot): boolean {
    return this.#text.charCodeAt(offset) === DASH && this.#isApart(offset + 1);
  }

  /** Whether a space, or the end of the line, is at an offset. */
  #isApart(offset: number): boolean {
    const code = this.#text.charCodeAt(offset);
    return code === SPACE || code === LINE_FEED || offset === this.#text.length;
  }

  #opensFlow(offset: number): boolean {
    return this.#text[offset] === '[' || this.#text[offset] === '{';
  }

  /** Collections in brackets are read; undefined where they hold nothing of the way. */
  #inFlow({ offset, line, lineStart }: Spot, pointer: readonly (string | number)[]): Spot | undefined {
    const text = this.#text;
    const lines = new LineReader(text, lineStart);
    lines.advance();
    const found = partFinder(text, [readFlow(lines, offset, PARTS, -1)])(0, pointer);
    if (found === offset) return undefined;
    const spot = { offset: found, line, lineStart };
    for (let end = text.indexOf('\n', lineStart); end !== -1 && end < found; end = text.indexOf('\n', end + 1)) {
      spot.line += 1;
      spot.lineStart = end + 1;
    }
    return spot;
  }
}

const columnOf = ({ offset, lineStart }: Spot): number => offset - lineStart;

const isMarker = (text: string, { offset, lineStart }: Spot): boolean =>
  offset === lineStart && text.startsWith('---', offset);

const positionOf = (spot: Spot): { line: number; column: number } => ({
  line: spot.line + 1,
  column: columnOf(spot) + 1,
});
