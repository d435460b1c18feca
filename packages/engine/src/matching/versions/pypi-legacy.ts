import { compareText } from './digits.ts';

const NAMES: Record<string, string> = { pre: 'c', preview: 'c', rc: 'c', '-': 'final-', dev: '@' };
const ZERO = '00000000';

/**
 * Parts of a version from before PEP 440, as setuptools ordered them: old packages carry such, and every one of them
 * comes before every version of PEP 440. Words alone (`latest`) are no version at all: then it is undefined.
 */
export function parseLegacyVersion(text: string): string[] | undefined {
  if (!/^\S+$/.test(text) || !/[0-9.]/.test(text)) return undefined;
  const parts: string[] = [];
  for (const token of [...text.split(/([0-9]+|[a-z]+|\.|-)/), 'final']) {
    if (token === '' || token === '.') continue;
    const part = /^[0-9]/.test(token)
      ? token.padStart(8, '0')
      : `*${Object.hasOwn(NAMES, token) ? NAMES[token] : token}`;
    if (part.startsWith('*')) {
      while (compareText(part, '*final') < 0 && parts.at(-1) === '*final-') parts.pop();
      while (parts.at(-1) === ZERO) parts.pop();
    }
    parts.push(part);
  }
  return parts;
}

/** Part by part as text; the shorter first. */
export function compareLegacyVersions(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = compareText(a[index]!, b[index]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
