import { FIND_POSITION, traverse } from '../cost/prices.ts';
import { JOIN, REPLACE, SPLIT } from '../cost/string-prices.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { hasSurrogates } from '../strings.ts';
import { INT, listOf, STRING } from '../types.ts';
import { adapt, CelError, noSuchOverload, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';

const SAME_SIZE = traverse(0, 0.1, true);

/** A string as a list of code points, for positions; strings without surrogates serve as they are. */
const characters = (text: string): string | string[] => (hasSurrogates(text) ? [...text] : text);

const joined = (part: string | string[]): string => (typeof part === 'string' ? part : part.join(''));

function charAt(text: string, position: number): Value {
  const all = characters(text);
  if (position < 0 || position > all.length) return new CelError(`index out of range: ${position}`);
  return all[position] ?? '';
}

function indexOf(text: string, part: string, from: number): Value {
  const all = characters(text);
  if (from < 0 || from > all.length)
    return part === '' && from >= 0 ? all.length : new CelError(`index out of range: ${from}`);
  if (typeof all === 'string') return all.indexOf(part, from);
  const unit = text.indexOf(part, joined(all.slice(0, from)).length);
  return unit < 0 ? -1 : [...text.slice(0, unit)].length;
}

function lastIndexOf(text: string, part: string, from: number): Value {
  const all = characters(text);
  if (from < 0 || from > all.length) return new CelError(`index out of range: ${from}`);
  if (typeof all === 'string') return all.lastIndexOf(part, from);
  const unit = text.lastIndexOf(part, joined(all.slice(0, from)).length);
  return unit < 0 ? -1 : [...text.slice(0, unit)].length;
}

const lengthOf = (text: string): number => characters(text).length;

function join(frame: Frame, list: readonly unknown[], separator: string): Value {
  let size = 0;
  for (const part of list) {
    if (typeof part !== 'string') return noSuchOverload('join', adapt(part));
    size += part.length + separator.length;
  }
  labour(frame, traversal(size));
  return list.join(separator);
}

/** Counts the text that comes out before it is made. */
function replace(frame: Frame, text: string, from: string, to: string, times: number): Value {
  const limit = times < 0 ? Infinity : times;
  const parts: string[] = [];
  let rest = 0;
  while (parts.length < limit) {
    const found = from === '' ? nextGap(text, rest, parts.length) : text.indexOf(from, rest);
    if (found < 0) break;
    labour(frame, traversal(to.length));
    parts.push(text.slice(rest, found));
    rest = found + from.length;
  }
  return [...parts, text.slice(rest)].join(to);
}

/** Position of the gap after the next character, where the empty string is looked for; the first is the beginning. */
function nextGap(text: string, from: number, count: number): number {
  if (count === 0) return 0;
  if (from >= text.length) return -1;
  return from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
}

function split(text: string, separator: string, times: number): Value {
  if (times === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (times < 0 || parts.length <= times) return parts;
  return [...parts.slice(0, times - 1), parts.slice(times - 1).join(separator)];
}

function substring(text: string, from: number, to: number): Value {
  const all = characters(text);
  if (from < 0 || to > all.length || from > to) return new CelError(`index out of range: ${from}, ${to}`);
  return joined(all.slice(from, to));
}

const SPACES = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACES}+`);
const SPACE = new RegExp(SPACES);

function trim(text: string): string {
  const begun = text.replace(LEADING, '');
  let end = begun.length;
  while (end > 0 && SPACE.test(begun[end - 1] ?? '')) end--;
  return begun.slice(0, end);
}

/** The strings extension of cel-go, as Kubernetes has it. */
export const STRING_EXTENSIONS: FunctionDeclaration[] = [
  member('charAt', [STRING, INT], STRING, (_, text, at) => charAt(text, at)),
  member('indexOf', [STRING, STRING], INT, (_, text, part) => indexOf(text, part, 0), FIND_POSITION),
  member('indexOf', [STRING, STRING, INT], INT, (_, text, part, from) => indexOf(text, part, from), FIND_POSITION),
  member(
    'lastIndexOf',
    [STRING, STRING],
    INT,
    (_, text, part) => lastIndexOf(text, part, lengthOf(text)),
    FIND_POSITION,
  ),
  member(
    'lastIndexOf',
    [STRING, STRING, INT],
    INT,
    (_, text, part, from) => lastIndexOf(text, part, from),
    FIND_POSITION,
  ),
  member('join', [listOf(STRING)], STRING, (frame, list) => join(frame, list, ''), JOIN),
  member('join', [listOf(STRING), STRING], STRING, join, JOIN),
  member('replace', [STRING, STRING, STRING], STRING, (frame, a, b, c) => replace(frame, a, b, c, -1), REPLACE),
  member('replace', [STRING, STRING, STRING, INT], STRING, replace, REPLACE),
  member('split', [STRING, STRING], listOf(STRING), (_, text, separator) => split(text, separator, -1), SPLIT),
  member(
    'split',
    [STRING, STRING, INT],
    listOf(STRING),
    (_, text, separator, times) => split(text, separator, times),
    SPLIT,
  ),
  member('substring', [STRING, INT], STRING, (_, text, from) => substring(text, from, lengthOf(text)), SAME_SIZE),
  member('substring', [STRING, INT, INT], STRING, (_, text, from, to) => substring(text, from, to), SAME_SIZE),
  member(
    'lowerAscii',
    [STRING],
    STRING,
    (_, text: string) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()),
    SAME_SIZE,
  ),
  member(
    'upperAscii',
    [STRING],
    STRING,
    (_, text: string) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()),
    SAME_SIZE,
  ),
  member('trim', [STRING], STRING, (_, text) => trim(text), SAME_SIZE),
  member('reverse', [STRING], STRING, (frame, text: string) => {
    labour(frame, traversal(text.length));
    return [...text].reverse().join('');
  }),
];
