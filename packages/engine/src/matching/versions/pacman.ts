import { compareDigits, compareText } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface PacmanVersion {
  epoch: string;
  version: Segment[];
  release: Segment[];
}

/** Letters or digits with what stands before them. The last one of a version may be separators only. */
interface Segment {
  separators: number;
  text: string;
}

/**
 * pacman's order, `vercmp(8)`: `[epoch:]version[-release]`. Like rpm's, but letters at the end mark a version before the
 * release (`1.0rc < 1.0`), and there are no `~` and `^`. A version without a release comes before those with one.
 */
export const pacmanOrder: VersionOrder<PacmanVersion> = {
  ecosystems: ['Arch Linux'],

  parse(version) {
    const text = version.trim();
    if (text.length > LONGEST_VERSION) return undefined;
    const match = /^(?:([0-9]+):)?([^\s:]+)$/.exec(text);
    if (match === null || !/[A-Za-z0-9]/.test(match[2]!)) return undefined;
    const [, epoch = '0', rest = ''] = match;
    const dash = rest.lastIndexOf('-');
    if (dash <= 0) return { epoch, version: segments(rest), release: [] };
    return { epoch, version: segments(rest.slice(0, dash)), release: segments(rest.slice(dash + 1)) };
  },

  compare(a, b) {
    return compareDigits(a.epoch, b.epoch) || compareList(a.version, b.version) || compareList(a.release, b.release);
  },
};

function segments(text: string): Segment[] {
  return [...text.matchAll(/([^A-Za-z0-9]*)([0-9]+|[A-Za-z]+|$)/g)]
    .map(([, separators = '', word = '']) => ({ separators: separators.length, text: word }))
    .filter(({ separators, text: word }) => separators > 0 || word !== '');
}

function compareList(a: readonly Segment[], b: readonly Segment[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) return left === undefined ? -endWeight(right!) : endWeight(left);
    const difference = compareSegment(left, right);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What more than the other version has: letters right at its end mark one before the release, all else is later. */
function endWeight({ separators, text }: Segment): number {
  return separators === 0 && isLetters(text) ? -1 : 1;
}

function compareSegment(a: Segment, b: Segment): number {
  if (a.separators !== b.separators) return a.separators - b.separators;
  const difference = rank(a.text) - rank(b.text);
  if (difference !== 0) return difference;
  return isLetters(a.text) ? compareText(a.text, b.text) : compareDigits(a.text, b.text);
}

/** Letters, the end, digits. */
function rank(text: string): number {
  if (text === '') return 1;
  return isLetters(text) ? 0 : 2;
}

function isLetters(text: string): boolean {
  return /^[A-Za-z]/.test(text);
}
