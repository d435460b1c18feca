import type { JsonFields } from '../json-fields.ts';
import { endOfNumber, endOfString, endOfWhole, type JsonToken, tokensOf } from './json-tokens.ts';
import { isPart, isRead, isReadBelow, type LineReading } from './line-reading.ts';
import { SeenTexts } from './seen-texts.ts';
import { expect, fill, fits, type Place, type Shape, type Step, stepAt } from './shape.ts';
import { copyOf, SharedParts } from './shared-parts.ts';

/** Characters of a line that is worth to be known again. */
const LONGEST_LINE = 32_768;
/** Characters that are kept of lines. With more, all is forgotten and learned anew. */
const MOST_KEPT = 4_000_000;
/** Ways a line may go on at one place. */
const MOST_WAYS = 8;
/** Lines that may be learned at once, and lines read that each costs beyond: learning takes as long as many readings. */
const CREDIT = 256;
const LINES_A_LESSON = 16;
const LUCK = 32;
const MOST_LUCK = 64;
const PAUSE = -1024;
const MOST_TRUST = 16;

/**
 * Reads JSON lines that are like lines before: the same names in the same order, with values of the same kinds. What is
 * always the same is compared and not read, only values that somebody looks at are taken, and objects that many lines
 * repeat are read once. What it reads is what `JSON.parse` reads; lines that it is not sure of, it leaves to that.
 *
 * Memory is bounded, and so is the time that a line costs which is like no other.
 */
export class LineShapes<Owner extends { lines?: LineReading }> {
  #first: Step<Owner>[] = [];
  #parts = new Map<LineReading, Map<string, SharedParts>>();
  #seen = new SeenTexts();
  #kept = 0;
  #credit = CREDIT;
  readonly #values: unknown[] = [];
  #value: unknown;

  /** The line from `start` to `end` as the shape that it has, whose JSON says until the next one what it says. */
  read(text: string, start: number, end: number): Shape<Owner> | undefined {
    if (this.#credit < CREDIT) this.#credit += 1;
    let at = start;
    let step = stepAt(this.#first, text, at, end);
    for (let index = 0; step !== undefined; index += 1) {
      at += step.before.length;
      if (step.shape !== undefined) return fill(step.shape, this.#values);
      const from = at;
      const ahead = step.ahead;
      if (ahead !== undefined) {
        at += ahead.text.length;
        // Slices are compared many characters at a time.
        if (text.slice(from, at) === ahead.text && fits(ahead.next, text, at, end)) {
          if (ahead.trust < MOST_TRUST) ahead.trust += 1;
          this.#values[index] = ahead.value;
          at -= ahead.next.before.length;
          step = ahead.next;
          continue;
        }
        at = from;
        ahead.trust -= 2;
        if (ahead.trust < 0) step.ahead = undefined;
      }
      if (step.kind === 'string') at = this.#string(step, text, at, end);
      else if (step.kind === 'number') at = this.#number(text, at);
      else at = this.#whole(step, text, at, end);
      if (at < 0) return undefined;
      this.#values[index] = this.#value;
      const next = stepAt(step.next, text, at, end);
      if (next !== undefined && step.luck > 0 && step.ahead === undefined)
        expect(step, this.#value, next, text, from, at);
      step = next;
    }
    return undefined;
  }

  /** Makes lines known that are like this one. `value` is what was parsed of it, and nobody else's from now on. */
  learn(text: string, value: JsonFields, owner: Owner): void {
    const reading = owner.lines;
    if (reading === undefined || text.length > LONGEST_LINE || this.#credit < LINES_A_LESSON) return;
    this.#credit -= LINES_A_LESSON;
    const tokens = tokensOf(text, (path) => isPart(reading, path));
    if (tokens !== undefined)
      this.#add(text, tokens, reading, { owner, json: value, places: placesOf(tokens, value, reading) });
    if (this.#kept > MOST_KEPT) this.#forget();
  }

  /** Gives the place of the quote behind it. */
  #string(step: Step<Owner>, text: string, at: number, end: number): number {
    let close = text.indexOf('"', at);
    if (text.charCodeAt(close - 1) === 0x5c && close > at) close = endOfString(text, at);
    if (close < 0 || close >= end) return -1;
    if (step.luck > 0) {
      const seen = this.#seen.find(text, at, close);
      if (seen !== undefined) {
        this.#hit(step);
        this.#value = seen;
        return close;
      }
    }
    // Tells whether it is a string of JSON, resolves escapes and copies, all at the price of the last.
    const value = parse(text.slice(at - 1, close + 1));
    if (typeof value !== 'string') return -1;
    if (step.luck > 0) this.#seen.add(value, text, at, close);
    this.#miss(step);
    this.#value = value;
    return close;
  }

  #number(text: string, at: number): number {
    let number = 0;
    let end = at;
    for (; end < at + 15; end += 1) {
      const digit = text.charCodeAt(end) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      number = number * 10 + digit;
    }
    const isPlain = end > at && (end === at + 1 || text.charCodeAt(at) !== 0x30);
    // Behind a plain one comes what is compared next: a point or an exponent is none of that.
    if (isPlain && end < at + 15) {
      const code = text.charCodeAt(end);
      if (code !== 0x2e && code !== 0x65 && code !== 0x45) {
        this.#value = number;
        return end;
      }
    }
    end = endOfNumber(text, at);
    this.#value = parse(text.slice(at, end));
    return this.#value === undefined ? -1 : end;
  }

  #whole(step: Step<Owner>, text: string, at: number, end: number): number {
    const { parts, fields } = step.whole as NonNullable<Step<Owner>['whole']>;
    const part = parts.find(text, at);
    if (part !== undefined) {
      this.#hit(step);
      this.#value = part.value;
      return parts.end;
    }
    const close = endOfWhole(text, at, end);
    if (close < 0) return -1;
    const own = text.slice(at, close);
    this.#value = parse(own);
    if (this.#value === undefined) return -1;
    if (step.luck > 0) {
      const tokens = tokensOf(own, () => false) ?? [];
      const free = tokens.filter(({ kind, path }) => kind === 'number' && !(fields && isReadBelow(fields, path)));
      this.#kept += parts.add(own, fields && this.#value, free);
    }
    this.#miss(step);
    return close;
  }

  #hit(step: Step<Owner>): void {
    if (step.luck < MOST_LUCK) step.luck = Math.max(1, step.luck + 1);
  }

  /** Where nothing comes twice, nothing is remembered for a while. */
  #miss(step: Step<Owner>): void {
    step.luck = step.luck > PAUSE ? step.luck - 1 : LUCK;
  }

  #add(text: string, tokens: readonly JsonToken[], reading: LineReading, shape: Shape<Owner>): void {
    let steps = this.#first;
    let from = 0;
    for (const { kind, path, start, end } of tokens) {
      const step = this.#stepTo(steps, copyOf(text.slice(from, start)), kind);
      if (kind === 'whole') {
        const name = String(path.at(-1));
        step.whole ??= { parts: this.#partsOf(reading, name), fields: reading.parts.get(name) };
      }
      steps = step.next;
      from = end;
    }
    this.#stepTo(steps, copyOf(text.slice(from)), 'end').shape ??= shape;
    this.#kept += text.length;
  }

  #stepTo(steps: Step<Owner>[], before: string, kind: Step<Owner>['kind']): Step<Owner> {
    const known = steps.find((step) => step.kind === kind && step.before === before);
    if (known !== undefined) return known;
    const made: Step<Owner> = {
      before,
      kind,
      next: [],
      luck: LUCK,
      ahead: undefined,
      last: undefined,
      again: 0,
      whole: undefined,
      shape: undefined,
    };
    if (steps.length >= MOST_WAYS) steps.pop();
    steps.push(made);
    return made;
  }

  #partsOf(reading: LineReading, name: string): SharedParts {
    const known = this.#parts.get(reading) ?? new Map<string, SharedParts>();
    this.#parts.set(reading, known);
    const parts = known.get(name) ?? new SharedParts();
    known.set(name, parts);
    return parts;
  }

  #forget(): void {
    this.#first = [];
    this.#parts = new Map();
    this.#seen = new SeenTexts();
    this.#kept = 0;
  }
}

/** Where the values are in the JSON that somebody looks at. */
function placesOf(tokens: readonly JsonToken[], json: JsonFields, reading: LineReading): Place[] {
  return tokens.flatMap(({ path }, index) => {
    const name = path.at(-1);
    if (name === undefined || !isRead(reading, path)) return [];
    const holder = path.slice(0, -1).reduce<unknown>((value, each) => (value as Place['holder'])[each], json);
    return [{ holder: holder as Place['holder'], name, index }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
