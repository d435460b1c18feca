import { JmesPathError } from './jmespath-error.ts';

/** What work is counted against; throws where it is too much. */
export interface Budget {
  spend(steps: number): void;
}

/** No text grows beyond it: a mebibyte. */
const MAX_TEXT = 1024 * 1024;
const CHARACTERS_PER_STEP = 32;
const MAX_DEPTH = 500;

/** Steps that handling a value costs, without what stands inside of its items. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 1 + Math.ceil(value.length / CHARACTERS_PER_STEP);
  if (Array.isArray(value)) return 1 + value.length;
  return typeof value === 'object' && value !== null ? 1 + Object.keys(value).length : 1;
}

/** Throws for a length that no text may have; asked before the text is made. */
export function requireLength(length: number): void {
  if (length > MAX_TEXT) throw new JmesPathError('the text becomes too long');
}

export function bounded(text: string): string {
  requireLength(text.length);
  return text;
}

/** Texts put together, counted before they are. */
export function joined(texts: readonly string[], separator = ''): string {
  requireLength(texts.reduce((length, text) => length + text.length + separator.length, 0) - separator.length);
  return texts.join(separator);
}

/**
 * A value as JSON. Values share their parts, so that a small one may be long when it is written: what is written is
 * counted, and too much of it is an error.
 */
export function writeJson(value: unknown, budget: Budget): string {
  let length = 0;
  const counted = (text: string): string => {
    budget.spend(sizeOf(text));
    length += text.length;
    requireLength(length);
    return text;
  };
  const write = (part: unknown, depth: number): string => {
    if (depth > MAX_DEPTH) throw new JmesPathError('it is nested too deeply');
    if (typeof part === 'string') requireLength(part.length);
    if (typeof part !== 'object' || part === null) return counted(JSON.stringify(part) ?? 'null');
    counted('[]');
    if (Array.isArray(part)) return `[${part.map((item) => write(item, depth + 1)).join(',')}]`;
    const fields = Object.entries(part).filter(([, item]) => item !== undefined);
    return `{${fields.map(([key, item]) => `${counted(JSON.stringify(key))}:${write(item, depth + 1)}`).join(',')}}`;
  };
  return bounded(write(value, 0));
}

/** A text as it is, anything else as JSON. */
export const writeText = (value: unknown, budget: Budget): string =>
  typeof value === 'string' ? value : writeJson(value, budget);
