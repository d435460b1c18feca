import { compareDigits, compareText } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

/** Words that come before the release they are of. */
const BEFORE = /^(?:alpha|beta|dev|pre|preview|rc|a|b)$/;

/**
 * Versions as projects number them, whatever their scheme: NVD's. Runs of digits and of letters are compared from the
 * left (`1.0.2z` is before `1.0.2za`, `1.1.1k` before `1.1.1x`); of two that begin alike the longer is the higher,
 * unless what follows marks a version before the release (`-rc1`).
 */
export const upstreamOrder: VersionOrder<string[]> = {
  ecosystems: ['NVD', 'ConanCenter'],
  parse(version) {
    const text = version.trim().replace(/^(?:v|go)(?=[0-9])/i, '');
    if (text.length > LONGEST_VERSION || !/^[0-9]/.test(text)) return undefined;
    const parts: string[] = text.toLowerCase().match(/[0-9]+|[a-z]+/g) ?? [];
    // `1.2.0` is `1.2`, and `1.2.0-rc1` is `1.2-rc1`: zeros count only before another number.
    const kept: string[] = [];
    for (const part of parts) {
      while (kept.length > 1 && !/^[0-9]/.test(part) && /^0+$/.test(kept.at(-1)!)) kept.pop();
      kept.push(part);
    }
    while (kept.length > 1 && /^0+$/.test(kept.at(-1)!)) kept.pop();
    return kept;
  },
  compare(a, b) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const difference = comparePart(a[index], b[index]);
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

function comparePart(a: string | undefined, b: string | undefined): number {
  const difference = rankOf(a) - rankOf(b);
  if (difference !== 0 || a === undefined || b === undefined) return difference;
  return /^[0-9]/.test(a) ? compareDigits(a, b) : compareText(a, b);
}

/** Words before a release, the end, other words, numbers. */
function rankOf(part: string | undefined): number {
  if (part === undefined) return 1;
  if (/^[0-9]/.test(part)) return 3;
  return BEFORE.test(part) ? 0 : 2;
}
