import { compareDigits, compareText } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface GentooVersion {
  numbers: string[];
  letter: string;
  suffixes: { kind: number; number: string }[];
  revision: string;
}

const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'p'];
/** No suffix: between `_rc` and `_p`. */
const NONE = SUFFIXES.indexOf('');

/** Gentoo's order (Package Manager Specification, 3.3): `1.2.3b_rc4-r5`. Live ebuilds (`9999`) are simply high. */
export const gentooOrder: VersionOrder<GentooVersion> = {
  ecosystems: ['Gentoo'],

  parse(version) {
    const text = version.trim();
    if (text.length > LONGEST_VERSION) return undefined;
    const match = /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|p)[0-9]*)*)(?:-r([0-9]+))?$/.exec(text);
    if (match === null) return undefined;
    const [, numbers = '', letter = '', suffixes = '', revision = '0'] = match;
    return {
      numbers: numbers.split('.'),
      letter,
      suffixes: [...suffixes.matchAll(/_([a-z]+)([0-9]*)/g)].map(([, kind = '', number = '']) => ({
        kind: SUFFIXES.indexOf(kind),
        number,
      })),
      revision,
    };
  },

  compare(a, b) {
    return (
      compareNumbers(a.numbers, b.numbers) ||
      compareText(a.letter, b.letter) ||
      compareSuffixes(a.suffixes, b.suffixes) ||
      compareDigits(a.revision, b.revision)
    );
  },
};

/** After the first number, one that begins with 0 is read as the digits behind a point: `1.02` comes before `1.1`. */
function compareNumbers(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left, right] = [a[index]!, b[index]!];
    const isFraction = index > 0 && (left.startsWith('0') || right.startsWith('0'));
    const difference = isFraction ? compareText(withoutZeros(left), withoutZeros(right)) : compareDigits(left, right);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function withoutZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

function compareSuffixes(a: GentooVersion['suffixes'], b: GentooVersion['suffixes']): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    const difference =
      (left?.kind ?? NONE) - (right?.kind ?? NONE) || compareDigits(left?.number ?? '', right?.number ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}
