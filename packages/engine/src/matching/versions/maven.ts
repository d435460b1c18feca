import { compareDigits, compareText, isDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface Token {
  separator: '.' | '-';
  /** Digits, or a qualifier in lower case by its full name. */
  text: string;
}

const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Record<string, string> = { ga: '', final: '', release: '', cr: 'rc' };
const SHORT: Record<string, string> = { a: 'alpha', b: 'beta', m: 'milestone' };

/**
 * Maven's order, by the POM reference ("Version Order Specification"): tokens parted by dots, hyphens and every change
 * between digits and letters; trailing zeros and release words do not count; the shorter version is padded.
 */
export const mavenOrder: VersionOrder<Token[]> = {
  ecosystems: ['Maven'],

  parse(version) {
    const text = version.trim().toLowerCase();
    if (text === '' || text.length > LONGEST_VERSION || /\s/.test(text)) return undefined;
    return trim(tokenize(text));
  },

  compare(a, b) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const left = a[index] ?? padding(b[index]!);
      const right = b[index] ?? padding(a[index]!);
      const difference = compareTokens(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let separator: Token['separator'] = '.';
  for (const part of text.split(/([.-])/)) {
    if (part === '.' || part === '-') {
      separator = part;
      continue;
    }
    const runs = part.match(/[0-9]+|[^0-9]+/g) ?? ['0'];
    for (const [index, run] of runs.entries()) {
      tokens.push({
        separator: index === 0 ? separator : '-',
        text: nameQualifier(run, isDigits(runs[index + 1] ?? '')),
      });
    }
  }
  return tokens;
}

/** `a`, `b` and `m` are abbreviations only right before a number. */
function nameQualifier(run: string, beforeNumber: boolean): string {
  if (isDigits(run)) return run;
  if (beforeNumber && Object.hasOwn(SHORT, run)) return SHORT[run]!;
  return Object.hasOwn(ALIASES, run) ? ALIASES[run]! : run;
}

/** Drops zeros and release words at the end, before every hyphen and before every qualifier. */
function trim(tokens: Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.separator === '-' || !isDigits(token.text)) dropNulls(kept);
    kept.push(token);
  }
  dropNulls(kept);
  return kept;
}

function dropNulls(tokens: Token[]): void {
  while (tokens.length > 0 && isNull(tokens.at(-1)!)) tokens.pop();
}

function isNull({ text }: Token): boolean {
  return text === '' || /^0+$/.test(text);
}

function padding({ separator, text }: Token): Token {
  return { separator, text: separator === '.' && isDigits(text) ? '0' : '' };
}

function compareTokens(a: Token, b: Token): number {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  return isDigits(a.text) ? compareDigits(a.text, b.text) : compareText(a.text, b.text);
}

/**
 * Known qualifiers, then others (those after a dot first), then `-number`, then `.number`. Maven itself ranks every
 * `.qualifier` below every `-qualifier`, which makes a circle: `-beta` < release < `.x` < `-beta`.
 */
function rank({ separator, text }: Token): number {
  const afterHyphen = separator === '-' ? 1 : 0;
  if (isDigits(text)) return 100 - afterHyphen;
  const known = QUALIFIERS.indexOf(text);
  return known === -1 ? 2 * QUALIFIERS.length + afterHyphen : 2 * known;
}
