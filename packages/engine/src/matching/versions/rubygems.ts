import { compareDigits, compareText, isDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

/** RubyGems' order (`Gem::Version`): segments of digits and of letters; one with letters is a pre-release. */
export const rubygemsOrder: VersionOrder<string[]> = {
  ecosystems: ['RubyGems', 'CocoaPods'],

  parse(version) {
    const text = version.trim();
    if (text.length > LONGEST_VERSION || !/^[0-9][0-9A-Za-z]*(?:[.-][0-9A-Za-z]+)*$/.test(text)) return undefined;
    const segments = text.replaceAll('-', '.pre.').match(/[0-9]+|[A-Za-z]+/g) ?? [];
    const letters = segments.findIndex((segment) => !isDigits(segment));
    const start = letters === -1 ? segments.length : letters;
    return [...withoutTrailingZeros(segments.slice(0, start)), ...withoutTrailingZeros(segments.slice(start))];
  },

  compare(a, b) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const left = a[index] ?? '0';
      const right = b[index] ?? '0';
      const numbers = Number(isDigits(left)) - Number(isDigits(right));
      const difference = numbers || (isDigits(left) ? compareDigits(left, right) : compareText(left, right));
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

function withoutTrailingZeros(segments: string[]): string[] {
  let end = segments.length;
  while (end > 0 && /^0+$/.test(segments[end - 1]!)) end--;
  return segments.slice(0, end);
}
