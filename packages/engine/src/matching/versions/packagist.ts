import { compareDigits, compareText, isDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

const WORDS: Record<string, number> = { dev: 0, alpha: 1, a: 1, beta: 2, b: 2, rc: 3, c: 3, pl: 6, p: 6, patch: 6 };
const UNKNOWN_WORD = -1;
const END = 4;
const NUMBER = 5;
const STABLE_WORD = 'stable';

/** Composer's order: PHP's `version_compare` after numbers are filled up to four. */
export const packagistOrder: VersionOrder<string[]> = {
  ecosystems: ['Packagist'],

  parse(version) {
    const text = version.trim().toLowerCase().replace(/\+.*$/s, '');
    if (text.length > LONGEST_VERSION) return undefined;
    const match = /^v?([0-9]+(?:\.[0-9]+)*)(.*)$/.exec(text);
    if (match === null) return undefined;
    const numbers = match[1]!.split('.');
    while (numbers.length < 4) numbers.push('0');
    const rest = (match[2]!.match(/[0-9]+|[a-z]+/g) ?? []).filter((part) => part !== STABLE_WORD);
    return [...numbers, ...rest];
  },

  compare(a, b) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const [left, right] = [a[index], b[index]];
      const difference = rank(left) - rank(right);
      if (difference !== 0) return difference;
      if (left === undefined || right === undefined) continue;
      const inside = isDigits(left)
        ? compareDigits(left, right)
        : rank(left) === UNKNOWN_WORD
          ? compareText(left, right)
          : 0;
      if (inside !== 0) return inside;
    }
    return 0;
  },
};

/** Other words < dev < alpha < beta < RC < end < number < patch. */
function rank(part: string | undefined): number {
  if (part === undefined) return END;
  if (isDigits(part)) return NUMBER;
  return Object.hasOwn(WORDS, part) ? WORDS[part]! : UNKNOWN_WORD;
}
