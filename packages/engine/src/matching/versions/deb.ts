import { compareDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface DebVersion {
  epoch: string;
  upstream: string;
  revision: string;
}

/** dpkg's order, `deb-version(7)`: `[epoch:]upstream[-revision]`, where `~` comes before the end of a string. */
export const debOrder: VersionOrder<DebVersion> = {
  ecosystems: ['Debian', 'Ubuntu', 'Echo'],

  parse(version) {
    const text = version.trim();
    if (text.length > LONGEST_VERSION) return undefined;
    const match = /^(?:([0-9]+):)?([A-Za-z0-9.+~:-]+)$/.exec(text);
    if (match === null) return undefined;
    const [, epoch = '0', rest = ''] = match;
    const dash = rest.lastIndexOf('-');
    if (dash === -1) return { epoch, upstream: rest, revision: '' };
    if (dash === 0 || dash === rest.length - 1) return undefined;
    return { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
  },

  compare(a, b) {
    return (
      compareDigits(a.epoch, b.epoch) || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision)
    );
  },
};

/** Alternates between runs of other characters and runs of digits, as dpkg's `verrevcmp` does. */
function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    const endA = endOfDigits(a, i);
    const endB = endOfDigits(b, j);
    const difference = compareDigits(a.slice(i, endA), b.slice(j, endB));
    if (difference !== 0) return difference;
    i = endA;
    j = endB;
  }
  return 0;
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (isDigit(text, end)) end++;
  return end;
}

/** `~` before the end of the string (or a digit), then letters, then everything else. */
function weight(text: string, index: number): number {
  if (index >= text.length || isDigit(text, index)) return 0;
  const code = text.charCodeAt(index);
  if (code === 126) return -1;
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return letter ? code : code + 256;
}
