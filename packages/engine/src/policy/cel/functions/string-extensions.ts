import { charge, type Frame, labour, traversal } from '../frame.ts';
import { hasSurrogates } from '../strings.ts';
import { CelError, noSuchOverload, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';
import { listIndexOf, listLastIndexOf } from './lists.ts';

/** A string as a list of code points, for positions; strings without surrogates serve as they are. */
const characters = (text: string): string | string[] => (hasSurrogates(text) ? [...text] : text);

const joined = (part: string | string[]): string => (typeof part === 'string' ? part : part.join(''));

function charAt(text: Value, position: Value): Value {
  if (typeof text !== 'string' || typeof position !== 'number') return noSuchOverload('charAt', text, position);
  const all = characters(text);
  if (position < 0 || position > all.length) return new CelError(`index out of range: ${position}`);
  return all[position] ?? '';
}

function indexOf(text: Value, part: Value, from: Value): Value {
  if (typeof text !== 'string' || typeof part !== 'string' || typeof from !== 'number') {
    return noSuchOverload('indexOf', text, part, from);
  }
  const all = characters(text);
  if (from < 0 || from > all.length)
    return part === '' && from >= 0 ? all.length : new CelError(`index out of range: ${from}`);
  if (typeof all === 'string') return all.indexOf(part, from);
  const unit = text.indexOf(part, joined(all.slice(0, from)).length);
  return unit < 0 ? -1 : [...text.slice(0, unit)].length;
}

function lastIndexOf(text: Value, part: Value, from: Value): Value {
  if (typeof text !== 'string' || typeof part !== 'string' || typeof from !== 'number') {
    return noSuchOverload('lastIndexOf', text, part, from);
  }
  const all = characters(text);
  if (from < 0 || from > all.length) return new CelError(`index out of range: ${from}`);
  if (typeof all === 'string') return all.lastIndexOf(part, from);
  const unit = text.lastIndexOf(part, joined(all.slice(0, from)).length);
  return unit < 0 ? -1 : [...text.slice(0, unit)].length;
}

const lengthOf = (text: Value): Value => (typeof text === 'string' ? characters(text).length : 0);

function join(frame: Frame, list: Value, separator: Value): Value {
  if (!Array.isArray(list) || typeof separator !== 'string') return noSuchOverload('join', list, separator);
  let size = 0;
  for (const part of list) {
    if (typeof part !== 'string') return noSuchOverload('join', part);
    size += part.length + separator.length;
  }
  charge(frame, traversal(size));
  return list.join(separator);
}

/** Counts the text that comes out before it is made. */
function replace(frame: Frame, text: Value, from: Value, to: Value, times: Value): Value {
  if (typeof text !== 'string' || typeof from !== 'string' || typeof to !== 'string' || typeof times !== 'number') {
    return noSuchOverload('replace', text, from, to, times);
  }
  const limit = times < 0 ? Infinity : times;
  charge(frame, 1 + traversal(text.length));
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

function split(frame: Frame, text: Value, separator: Value, times: Value): Value {
  if (typeof text !== 'string' || typeof separator !== 'string' || typeof times !== 'number') {
    return noSuchOverload('split', text, separator, times);
  }
  charge(frame, 1 + traversal(text.length));
  if (times === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (times < 0 || parts.length <= times) return parts;
  return [...parts.slice(0, times - 1), parts.slice(times - 1).join(separator)];
}

function substring(text: Value, from: Value, to: Value): Value {
  if (typeof text !== 'string' || typeof from !== 'number' || typeof to !== 'number') {
    return noSuchOverload('substring', text, from, to);
  }
  const all = characters(text);
  if (from < 0 || to > all.length || from > to) return new CelError(`index out of range: ${from}, ${to}`);
  return joined(all.slice(from, to));
}

const mapped = (name: string, change: (text: string) => string): FunctionDeclaration =>
  member(name, 1, (frame, text) => {
    if (typeof text !== 'string') return noSuchOverload(name, text);
    charge(frame, traversal(text.length));
    return change(text);
  });

const SPACES = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACES}+`);
const SPACE = new RegExp(SPACES);

function trim(text: string): string {
  const begun = text.replace(LEADING, '');
  let end = begun.length;
  while (end > 0 && SPACE.test(begun[end - 1] ?? '')) end--;
  return begun.slice(0, end);
}

/** A function whose cost goes with the size of its target. */
const sized = (
  name: string,
  operands: number,
  call: (...values: [Value, Value, Value]) => Value,
): FunctionDeclaration =>
  member(name, operands, (frame, a, b, c) => {
    charge(frame, typeof a === 'string' ? traversal(a.length) : 1);
    return call(a, b, c);
  });

function charged(frame: Frame, text: Value, result: Value): Value {
  charge(frame, typeof text === 'string' ? traversal(text.length) : 1);
  return result;
}

/** The strings extension of cel-go, as Kubernetes has it. */
export const STRING_EXTENSIONS: FunctionDeclaration[] = [
  sized('charAt', 2, charAt),
  member('indexOf', 2, (frame, target, part) =>
    Array.isArray(target) ? listIndexOf(frame, target, part) : charged(frame, target, indexOf(target, part, 0)),
  ),
  sized('indexOf', 3, indexOf),
  member('lastIndexOf', 2, (frame, target, part) =>
    Array.isArray(target)
      ? listLastIndexOf(frame, target, part)
      : charged(frame, target, lastIndexOf(target, part, lengthOf(target))),
  ),
  sized('lastIndexOf', 3, lastIndexOf),
  member('join', 1, (frame, list) => join(frame, list, '')),
  member('join', 2, join),
  member('replace', 3, (frame, text, from, to) => replace(frame, text, from, to, -1)),
  member('replace', 4, replace),
  member('split', 2, (frame, text, separator) => split(frame, text, separator, -1)),
  member('split', 3, split),
  sized('substring', 2, (text, from) => substring(text, from, lengthOf(text))),
  sized('substring', 3, substring),
  mapped('lowerAscii', (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  mapped('upperAscii', (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  mapped('trim', trim),
  mapped('reverse', (text) => [...text].reverse().join('')),
];
