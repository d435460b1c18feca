import { isRecord } from '../../loose-values.ts';
import {
  type Budget,
  JmesPathError,
  JmesPathUnknown,
  joined,
  StepBudget,
  sizeOf,
  writeText,
} from '../jmespath/index.ts';

/** Resolves an expression between braces; throws what JMESPath throws. */
export type Resolve = (expression: string) => unknown;

const MAX_DEPTH = 100;
const OPEN = '{{';
const CLOSE = '}}';
const ESCAPED = '\\{{';

/** Whether a text has variables in it. */
export const hasVariables = (text: string): boolean => text.includes(OPEN);

/**
 * Puts variables `{{ expression }}` into every text of a value. A text that is one variable and nothing else becomes what
 * that is; elsewhere values are written into the text. What comes from outside is never read for variables again: an
 * object cannot bring expressions of its own.
 */
export function substitute(value: unknown, resolve: Resolve, budget: Budget = new StepBudget(), depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new JmesPathError('it is nested too deeply');
  if (typeof value === 'string')
    return hasVariables(value) || value.includes('$(') ? fill(value, resolve, budget) : value;
  if (Array.isArray(value)) {
    return hasText(value, 0) ? value.map((item) => substitute(item, resolve, budget, depth + 1)) : value;
  }
  if (!isRecord(value) || !hasText(value, 0)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    hasVariables(key) ? writeText(fill(key, resolve, budget), budget) : key,
    substitute(item, resolve, budget, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Whether there is anything to put in: what has no variables stays the value that it is. */
function hasText(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return hasVariables(value) || value.includes('$(');
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return depth > MAX_DEPTH;
  return Object.entries(value).some(([key, item]) => hasVariables(key) || hasText(item, depth + 1));
}

/** As `substitute`, but what is put in is always written. */
export const substituteText = (text: string, resolve: Resolve, budget: Budget): string =>
  writeText(substitute(text, resolve, budget), budget);

function fill(text: string, resolve: Resolve, budget: Budget): unknown {
  if (/(?:^|[^\\])\$\([^ )]+\)/.test(text)) throw new JmesPathUnknown(['references with $( )']);
  const { parts } = read(text, 0, resolve, budget, 0);
  if (parts.length === 1 && typeof parts[0] === 'object' && parts[0] !== null) return (parts[0] as Filled).value;
  return together(parts, budget);
}

const together = (parts: readonly (string | Filled)[], budget: Budget): string => {
  const text = joined(parts.map((part) => (typeof part === 'string' ? part : writeText(part.value, budget))));
  budget.spend(sizeOf(text));
  return text;
};

/** What a variable became. */
interface Filled {
  value: unknown;
}

/** Reads up to the end, or to the braces that close an expression; inner variables are put in first. */
function read(
  text: string,
  from: number,
  resolve: Resolve,
  budget: Budget,
  depth: number,
): { parts: (string | Filled)[]; end: number } {
  if (depth > MAX_DEPTH) throw new JmesPathError('variables are nested too deeply');
  const parts: (string | Filled)[] = [];
  let plain = '';
  let at = from;
  let braces = 0;
  while (at < text.length) {
    if (text.startsWith(ESCAPED, at)) {
      plain += OPEN;
      at += ESCAPED.length;
    } else if (text.startsWith(OPEN, at)) {
      const inner = read(text, at + OPEN.length, resolve, budget, depth + 1);
      const expression = together(inner.parts, budget);
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push({ value: resolve(expression.trim()) });
      at = inner.end;
    } else if (depth > 0 && braces === 0 && text.startsWith(CLOSE, at)) {
      if (plain !== '') parts.push(plain);
      return { parts, end: at + CLOSE.length };
    } else {
      if (depth > 0 && text[at] === '{') braces++;
      else if (depth > 0 && text[at] === '}') braces = Math.max(0, braces - 1);
      plain += text[at];
      at++;
    }
  }
  if (depth > 0) throw new JmesPathError('braces are not closed');
  if (plain !== '') parts.push(plain);
  return { parts, end: at };
}
