import { compareDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface JavaVersion {
  numbers: string[];
  /** Of an early-access build; empty for a release. */
  early: string;
}

/**
 * The order of releases of Java, by both of their schemes: `1.8.0_292-b10` and `8u292` are `8.0.292`, and `11.0.11+9` is
 * of JEP 223. Builds do not count: they are of one release.
 */
export const jvmOrder: VersionOrder<JavaVersion> = {
  ecosystems: ['JVM'],

  parse(version) {
    const text = version.trim().toLowerCase();
    if (text.length > LONGEST_VERSION) return undefined;
    const match =
      /^(?:jdk-?|jre-?)?([0-9]+(?:\.[0-9]+)*)(?:[_u]([0-9]+)|-update_?([0-9]+))?(?:-?(ea|internal|beta))?(?:[-+.].*)?$/.exec(
        text,
      );
    if (match === null) return undefined;
    const [, stated = '', update = match[3], , early = ''] = match;
    const numbers = stated.replace(/^1\.(?=[5-9](?:\.|$))/, '').split('.');
    if (update !== undefined) while (numbers.length < 2) numbers.push('0');
    if (update !== undefined) numbers.splice(2, 1, update);
    while (numbers.length > 1 && /^0+$/.test(numbers.at(-1)!)) numbers.pop();
    return { numbers, early };
  },

  compare(a, b) {
    for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index++) {
      const difference = compareDigits(a.numbers[index] ?? '0', b.numbers[index] ?? '0');
      if (difference !== 0) return difference;
    }
    return Number(a.early === '') - Number(b.early === '');
  },
};
