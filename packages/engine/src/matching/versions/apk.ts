import { compareDigits, compareText } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

/**
 * Kinds of token. Where two versions differ in kind, the one whose token has the higher rank is the lower version; a
 * pre-release suffix is lower than anything else.
 */
const RANK = { initial: 0, digit: 1, letter: 2, suffix: 3, suffixNumber: 4, hash: 5, revision: 6, end: 7, invalid: 8 };
const PRE_RELEASE = 9;

const PRE_SUFFIXES = ['alpha', 'beta', 'pre', 'rc'];
const POST_SUFFIXES = ['cvs', 'svn', 'git', 'hg', 'p'];

interface Token {
  rank: number;
  text: string;
}

/**
 * apk-tools' order: `number{.number}{letter}{_suffix{number}}{~hash}{-rnumber}`. Malformed versions exist in Alpine's
 * own data (`10.2.26.r0`, `4.10-1-r1`): they are read up to what apk cannot read, and end there.
 */
export const apkOrder: VersionOrder<Token[]> = {
  ecosystems: ['Alpine', 'Alpaquita', 'BellSoft Hardened Containers', 'Wolfi', 'Chainguard', 'CleanStart', 'MinimOS'],

  parse(version) {
    const text = version.trim();
    if (text.length > LONGEST_VERSION || !/^[0-9]/.test(text)) return undefined;
    const initial = /^[0-9]+/.exec(text)?.[0] ?? '';
    const tokens: Token[] = [{ rank: RANK.initial, text: initial }];
    let offset = initial.length;
    let last = RANK.initial;
    while (last < RANK.end) {
      const token = nextToken(text, offset, last);
      tokens.push({ rank: token.rank, text: token.text });
      offset += token.length;
      last = token.rank === PRE_RELEASE ? RANK.suffix : token.rank;
    }
    return tokens;
  },

  compare(a, b) {
    const length = Math.min(a.length, b.length);
    for (let index = 0; index < length; index++) {
      const left = a[index]!;
      const right = b[index]!;
      if (left.rank !== right.rank) return right.rank - left.rank;
      const difference = compareTokens(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

function compareTokens(a: Token, b: Token): number {
  switch (a.rank) {
    case RANK.digit:
      // A leading zero makes a component a fraction: 1.02 comes before 1.1.
      if (a.text.startsWith('0') || b.text.startsWith('0')) return compareText(a.text, b.text);
      return compareDigits(a.text, b.text);
    case RANK.initial:
    case RANK.suffixNumber:
    case RANK.revision:
      return compareDigits(a.text, b.text);
    case PRE_RELEASE:
      return PRE_SUFFIXES.indexOf(a.text) - PRE_SUFFIXES.indexOf(b.text);
    case RANK.suffix:
      return POST_SUFFIXES.indexOf(a.text) - POST_SUFFIXES.indexOf(b.text);
    case RANK.invalid:
      return 0;
    default:
      return compareText(a.text, b.text);
  }
}

interface Step extends Token {
  length: number;
}

function nextToken(text: string, offset: number, last: number): Step {
  if (offset >= text.length) return { rank: RANK.end, text: '', length: 0 };
  const rest = text.slice(offset, offset + 200);
  const [head = ''] = rest;
  if (head >= 'a' && head <= 'z' && last <= RANK.digit) return { rank: RANK.letter, text: head, length: 1 };
  if (head === '.' && last <= RANK.letter) return take(rest, /^\.([0-9]*)/, RANK.digit);
  if (head >= '0' && head <= '9') {
    if (last <= RANK.letter) return take(rest, /^([0-9]+)/, RANK.digit);
    if (last === RANK.suffix) return take(rest, /^([0-9]+)/, RANK.suffixNumber);
  }
  if (head === '_' && last <= RANK.suffixNumber) return takeSuffix(rest);
  if (head === '~' && last < RANK.hash) return take(rest, /^~([0-9a-f]+)/, RANK.hash);
  if (head === '-' && last < RANK.revision) return take(rest, /^-r([0-9]*)/, RANK.revision);
  return invalid;
}

const invalid: Step = { rank: RANK.invalid, text: '', length: 0 };

function take(rest: string, pattern: RegExp, rank: number): Step {
  const match = pattern.exec(rest);
  return match === null ? invalid : { rank, text: match[1] ?? '', length: match[0].length };
}

function takeSuffix(rest: string): Step {
  const step = take(rest, /^_([a-z]+)/, RANK.suffix);
  if (PRE_SUFFIXES.includes(step.text)) return { ...step, rank: PRE_RELEASE };
  return POST_SUFFIXES.includes(step.text) ? step : invalid;
}
