import { RE2JS } from 're2js';
import { CelError } from '../../cel/index.ts';
import { compilePattern } from '../../cel/regex/index.ts';
import { isRecord } from '../../loose-values.ts';
import {
  bounded,
  isEqual,
  JmesPathError,
  type JmesPathFunctions,
  listIn,
  numberIn,
  objectIn,
  requireLength,
  STANDARD_FUNCTIONS,
  textIn,
} from '../jmespath/index.ts';
import { matchesWildcard } from '../wildcard.ts';
import { ARITHMETIC } from './jmespath-arithmetic.ts';
import { TIME_FUNCTIONS } from './jmespath-time.ts';

const shown = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new JmesPathError('expected a string or a number');
};

function testPattern(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) throw new JmesPathError(compiled.$message);
  return compiled.test(text);
}

function replacePattern(pattern: string, text: string, replacement: string): string {
  try {
    return bounded(
      RE2JS.compile(pattern)
        .matcher(text)
        .replaceAll(replacement.replaceAll(/\$\{(\w+)\}/g, '$$$1')),
    );
  } catch (error) {
    throw new JmesPathError(error instanceof Error ? error.message.slice(0, 200) : 'not a pattern');
  }
}

function replaceSome(text: string, old: string, replacement: string, most: number): string {
  const parts = text.split(old);
  requireLength(text.length + (parts.length + 1) * Math.max(0, replacement.length - old.length));
  if (most < 0) return text.replaceAll(old, () => replacement);
  const head = parts.slice(0, most + 1).join(replacement);
  const tail = parts.slice(most + 1);
  return [head, ...tail].join(old);
}

/** Without the characters of a set at both ends. */
function trim(text: string, set: string): string {
  const characters = new Set(set);
  let start = 0;
  let end = text.length;
  while (start < end && characters.has(text[start] as string)) start++;
  while (end > start && characters.has(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    throw new JmesPathError('not base64');
  }
}

const encodeBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JmesPathError('not JSON');
  }
}

/** `/a/./b/../c` as `/a/c`. */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  const isAbsolute = path.startsWith('/');
  for (const step of path.split('/')) {
    if (step === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (step !== '' && step !== '.' && !(step === '..' && isAbsolute)) kept.push(step);
  }
  return `${isAbsolute ? '/' : ''}${kept.join('/')}` || '.';
}

/** `{ a: 1 }` as `[{ key: 'a', value: 1 }]`, under the names that are asked for. */
function items(value: unknown, keyName: string, valueName: string): unknown[] {
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(objectIn(value));
  return entries.map(([key, item]) => ({ [keyName]: key, [valueName]: item }));
}

const lookup = (value: unknown, key: unknown): unknown => {
  if (typeof key === 'number') return listIn(value)[key] ?? null;
  return isRecord(value) && Object.hasOwn(value, textIn(key)) ? (value[textIn(key)] ?? null) : null;
};

const TEXT_FUNCTIONS: JmesPathFunctions = {
  compare: ([a, b]) => (textIn(a) === textIn(b) ? 0 : textIn(a) < textIn(b) ? -1 : 1),
  equal_fold: ([a, b]) => textIn(a).toLowerCase() === textIn(b).toLowerCase(),
  replace: ([text, old, replacement, most]) =>
    replaceSome(textIn(text), textIn(old), textIn(replacement), numberIn(most)),
  replace_all: ([text, old, replacement]) => replaceSome(textIn(text), textIn(old), textIn(replacement), -1),
  to_upper: ([text]) => textIn(text).toUpperCase(),
  to_lower: ([text]) => textIn(text).toLowerCase(),
  trim: ([text, set]) => trim(textIn(text), textIn(set)),
  trim_prefix: ([text, start]) =>
    textIn(text).startsWith(textIn(start)) ? textIn(text).slice(textIn(start).length) : textIn(text),
  split: ([text, separator]) => textIn(text).split(textIn(separator)),
  truncate: ([text, length]) => [...textIn(text)].slice(0, Math.max(0, numberIn(length))).join(''),
  regex_match: ([pattern, text]) => testPattern(textIn(pattern), shown(text)),
  regex_replace_all: ([pattern, text, replacement]) => replacePattern(textIn(pattern), shown(text), shown(replacement)),
  regex_replace_all_literal: ([pattern, text, replacement]) =>
    replacePattern(textIn(pattern), shown(text), shown(replacement).replaceAll(/[\\$]/g, '\\$&')),
  pattern_match: ([pattern, text]) => matchesWildcard(textIn(pattern), shown(text)),
  label_match: ([wanted, labels], evaluation) =>
    Object.entries(objectIn(wanted)).every(([key, value]) => isEqual(objectIn(labels)[key], value, evaluation)),
  to_boolean: ([text]) => {
    const lower = textIn(text).toLowerCase();
    if (lower !== 'true' && lower !== 'false') throw new JmesPathError('neither true nor false');
    return lower === 'true';
  },
  base64_decode: ([text]) => decodeBase64(textIn(text)),
  base64_encode: ([text]) => encodeBase64(textIn(text)),
  path_canonicalize: ([path]) => canonicalPath(textIn(path)),
  parse_json: ([text]) => parseJson(textIn(text)),
  items: ([value, keyName, valueName]) => items(value, textIn(keyName), textIn(valueName)),
  object_from_lists: ([keys, values]) =>
    Object.fromEntries(listIn(keys).map((key, index) => [textIn(key), listIn(values)[index] ?? null])),
  lookup: ([value, key]) => lookup(value, key),
};

/** What expressions of Kyverno's policies may call. Functions that are missing here leave a rule unknown, by their name. */
export const KYVERNO_JMESPATH_FUNCTIONS: JmesPathFunctions = {
  ...STANDARD_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...ARITHMETIC,
  ...TIME_FUNCTIONS,
};
