import { compareDigits, compareText } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface RpmVersion {
  epoch: string;
  version: string[];
  release: string[];
  /** Whether there is a release at all, be it empty. */
  released: boolean;
}

/** rpm's order, `[epoch:]version[-release]`: `~` comes before the end of a string, `^` after it but before all else. */
export const rpmOrder: VersionOrder<RpmVersion> = {
  ecosystems: [
    'AlmaLinux',
    'Azure Linux',
    'Mageia',
    'Photon OS',
    'Red Hat',
    'Rocky Linux',
    'SUSE',
    'openEuler',
    'openSUSE',
  ],

  parse(version) {
    const text = version.trim();
    if (text.length > LONGEST_VERSION) return undefined;
    const match = /^(?:([0-9]+):)?(\S+)$/.exec(text);
    if (match === null) return undefined;
    const [, epoch = '0', rest = ''] = match;
    const dash = rest.lastIndexOf('-');
    const end = dash === -1 ? rest.length : dash;
    return {
      epoch,
      version: segments(rest.slice(0, end)),
      release: segments(rest.slice(end + 1)),
      released: dash !== -1,
    };
  },

  compare(a, b) {
    return (
      compareDigits(a.epoch, b.epoch) ||
      compareSegments(a.version, b.version) ||
      compareSegments(a.release, b.release) ||
      Number(a.released) - Number(b.released)
    );
  },
};

/** Runs of digits, runs of letters, `~` and `^`; everything else only parts them. */
function segments(text: string): string[] {
  return text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegments(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const left = a[index] ?? '';
    const right = b[index] ?? '';
    const difference = rank(left) - rank(right);
    if (difference !== 0) return difference;
    const inside = rank(left) === NUMBER ? compareDigits(left, right) : compareText(left, right);
    if (inside !== 0) return inside;
  }
  return 0;
}

const NUMBER = 4;

/** `~` < end < `^` < letters < digits. */
function rank(segment: string): number {
  if (segment === '~') return 0;
  if (segment === '') return 1;
  if (segment === '^') return 2;
  return /^[0-9]/.test(segment) ? NUMBER : 3;
}
