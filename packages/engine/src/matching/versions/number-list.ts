import { compareDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

/** CRAN's order (`package_version`): numbers parted by dots or hyphens alike. */
export const cranOrder = numberList(['CRAN', 'Bioconductor'], /^[0-9]+(?:[.-][0-9]+)*$/);

/** Hackage's order (`Data.Version`): numbers parted by dots. */
export const hackageOrder = numberList(['Hackage', 'GHC'], /^[0-9]+(?:\.[0-9]+)*$/);

/** Lists of numbers, compared from the left; of two that begin alike the longer is the higher. */
function numberList(ecosystems: readonly string[], pattern: RegExp): VersionOrder<string[]> {
  return {
    ecosystems,
    parse(version) {
      const text = version.trim();
      return text.length <= LONGEST_VERSION && pattern.test(text) ? text.split(/[.-]/) : undefined;
    },
    compare(a, b) {
      for (let index = 0; index < Math.min(a.length, b.length); index++) {
        const difference = compareDigits(a[index]!, b[index]!);
        if (difference !== 0) return difference;
      }
      return a.length - b.length;
    },
  };
}
