import { Entry } from './entry.ts';

/** Values of a text that are looked at: a line each, of the longest logs. */
const MOST_VALUES = 500_000;

export interface JsonValues {
  values: Entry[];
  /** One-based lines at which values begin that are no JSON. */
  broken: number[];
}

/** Every JSON value of a text: one document, one a line, or one after the other over several lines. */
export function readJsonValues(text: string): JsonValues {
  const whole = parse(text);
  if (whole.ok) return { values: [new Entry(whole.value)], broken: [] };
  const values: Entry[] = [];
  const broken: number[] = [];
  for (const { start, end, line } of valuesOf(text)) {
    const parsed = parse(text.slice(start, end));
    if (parsed.ok) values.push(new Entry(parsed.value, [], line));
    else broken.push(line);
    if (values.length + broken.length >= MOST_VALUES) {
      broken.push(line);
      break;
    }
  }
  return { values, broken };
}

/** Where objects and lists begin and end, told by their brackets: what is broken ends at its own, anything else with its line. */
function* valuesOf(text: string): Generator<{ start: number; end: number; line: number }> {
  let depth = 0;
  let start = 0;
  let line = 1;
  let begun = 1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === NEWLINE) line += 1;
    else if (char === QUOTE && depth > 0) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
        if (text.charCodeAt(at) === BACKSLASH) at += 1;
        else if (text.charCodeAt(at) === NEWLINE) line += 1;
      }
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      if (depth === 0) [start, begun] = [at, line];
      depth += 1;
    } else if ((char === CLOSE_OBJECT || char === CLOSE_LIST) && depth > 0) {
      depth -= 1;
      if (depth === 0) yield { start, end: at + 1, line: begun };
    } else if (depth === 0 && char > SPACE) {
      // What stands between values is told too: a document of another format may follow.
      const next = text.indexOf('\n', at);
      const end = next === -1 ? text.length : next;
      yield { start: at, end, line };
      at = end - 1;
    }
  }
  if (depth > 0) yield { start, end: text.length, line: begun };
}

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}
