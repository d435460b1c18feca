import { OTHER, type Pattern, SYMBOLS } from './program.ts';

/** Thrown and caught here: the pattern uses what the automaton does not know. */
class Unsupported extends Error {}

const MAX_NESTING = 50;
const CLASSES: Record<string, string> = { d: '0-9', w: '0-9A-Za-z_', s: '\t\n\f\r ' };
const CONTROL: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', a: '\x07' };
const PUNCTUATION = /[!-/:-@[-`{-~]/;

/**
 * The common part of RE2's syntax: ASCII literals, classes, groups, alternation, repetition, `^` and `$`, all in any case
 * where it begins with `(?i)`. Undefined for everything else (other flags, word boundaries, Unicode classes, faults),
 * which RE2 itself then judges.
 */
export function parsePattern(source: string): Pattern | undefined {
  if (source.length > 1000 || /[^\x00-\x7f]/.test(source)) return undefined;
  try {
    const parser = foldsCase(source) ? new PatternParser(source.slice(4), true) : new PatternParser(source, false);
    const pattern = parser.choice(0);
    return parser.ended() ? pattern : undefined;
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** Whether case does not count anywhere in a pattern. */
export const foldsCase = (source: string): boolean => source.startsWith('(?i)');

const emptySet = (): Uint8Array => new Uint8Array(SYMBOLS);
const invert = (symbols: Uint8Array): Uint8Array => symbols.map((present) => 1 - present);

function addRange(symbols: Uint8Array, from: number, to: number): void {
  if (to < from) throw new Unsupported();
  symbols.fill(1, from, to + 1);
}

function classSet(letter: string): Uint8Array | undefined {
  const spelled = CLASSES[letter.toLowerCase()];
  if (spelled === undefined) return undefined;
  const symbols = emptySet();
  for (let index = 0; index < spelled.length; index++) {
    const from = spelled.charCodeAt(index);
    const isRange = spelled[index + 1] === '-';
    addRange(symbols, from, isRange ? spelled.charCodeAt(index + 2) : from);
    if (isRange) index += 2;
  }
  return letter === letter.toLowerCase() ? symbols : invert(symbols);
}

/** The set with both cases of its letters. */
function folded(symbols: Uint8Array): Uint8Array {
  const both = symbols.slice();
  for (let upper = 65; upper <= 90; upper++) {
    const present = symbols[upper] === 1 || symbols[upper + 32] === 1;
    if (present) both[upper] = both[upper + 32] = 1;
  }
  return both;
}

class PatternParser {
  readonly #source: string;
  readonly #folds: boolean;
  #offset = 0;

  constructor(source: string, folds: boolean) {
    this.#source = source;
    this.#folds = folds;
  }

  ended = (): boolean => this.#offset === this.#source.length;

  choice(nesting: number): Pattern {
    if (nesting > MAX_NESTING) throw new Unsupported();
    const parts = [this.#sequence(nesting)];
    while (this.#take('|')) parts.push(this.#sequence(nesting));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(nesting: number): Pattern {
    const parts: Pattern[] = [];
    while (!this.ended() && !this.#at('|') && !this.#at(')')) parts.push(this.#repeated(this.#atom(nesting)));
    return { kind: 'sequence', parts };
  }

  #repeated(part: Pattern): Pattern {
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    this.#take('?');
    if (this.#bounds() !== undefined || part.kind === 'begin' || part.kind === 'end') throw new Unsupported();
    return { kind: 'repeat', part, ...bounds };
  }

  #bounds(): { least: number; most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Infinity };
    if (this.#take('+')) return { least: 1, most: Infinity };
    if (this.#take('?')) return { least: 0, most: 1 };
    if (!this.#at('{')) return undefined;
    const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#offset, this.#offset + 12));
    if (match === null) throw new Unsupported();
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === '' ? Infinity : Number(match[3]);
    if (least > 1000 || most < least || (most > 1000 && most !== Infinity)) throw new Unsupported();
    this.#offset += match[0].length;
    return { least, most };
  }

  #atom(nesting: number): Pattern {
    const character = this.#next();
    switch (character) {
      case '(': {
        if (this.#at('?') && !this.#take('?:')) throw new Unsupported();
        const inner = this.choice(nesting + 1);
        if (!this.#take(')')) throw new Unsupported();
        return inner;
      }
      case '[':
        return { kind: 'set', symbols: this.#set() };
      case '.': {
        const symbols = emptySet().fill(1);
        symbols[10] = 0;
        return { kind: 'set', symbols };
      }
      case '^':
        return { kind: 'begin' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return { kind: 'set', symbols: this.#escape() };
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new Unsupported();
      default:
        return { kind: 'set', symbols: this.#fold(single(character)) };
    }
  }

  #escape(): Uint8Array {
    const character = this.#next();
    const symbols = classSet(character);
    if (symbols !== undefined) return symbols;
    const control = CONTROL[character];
    if (control !== undefined) return single(control);
    if (!PUNCTUATION.test(character)) throw new Unsupported();
    return single(character);
  }

  #set(): Uint8Array {
    const negated = this.#take('^');
    const symbols = emptySet();
    let first = true;
    while (first || !this.#at(']')) {
      if (this.#at('[')) throw new Unsupported();
      const from = this.#member();
      if (this.#at('-') && this.#source[this.#offset + 1] !== ']') {
        this.#offset++;
        const to = this.#member();
        if (from.length !== 1 || to.length !== 1) throw new Unsupported();
        addRange(symbols, from[0] ?? 0, to[0] ?? 0);
      } else for (const symbol of from) symbols[symbol] = 1;
      first = false;
    }
    this.#offset++;
    const members = this.#fold(symbols);
    return negated ? invert(members) : members;
  }

  #fold = (symbols: Uint8Array): Uint8Array => (this.#folds ? folded(symbols) : symbols);

  /** Symbols of one member of a class: a character, or what an escape such as `\d` stands for. */
  #member(): number[] {
    const character = this.#next();
    if (character !== '\\') return [character.charCodeAt(0)];
    return [...this.#escape().entries()].flatMap(([symbol, present]) => (present === 1 ? [symbol] : []));
  }

  #at = (character: string): boolean => this.#source[this.#offset] === character;

  #take(text: string): boolean {
    const found = this.#source.startsWith(text, this.#offset);
    if (found) this.#offset += text.length;
    return found;
  }

  #next(): string {
    const character = this.#source[this.#offset++];
    if (character === undefined) throw new Unsupported();
    return character;
  }
}

function single(character: string): Uint8Array {
  const symbols = emptySet();
  const code = character.charCodeAt(0);
  symbols[Math.min(code, OTHER)] = 1;
  return symbols;
}
