import { compareDigits, compareText, isDigits } from './digits.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface SemanticVersion {
  numbers: string[];
  /** Identifiers of the pre-release; empty for a release. */
  preRelease: string[];
}

/**
 * SemVer 2.0 section 11, read generously: a leading `v`, missing or additional numbers are taken as the tools of these
 * ecosystems take them. Build metadata does not count.
 */
export const semverOrder: VersionOrder<SemanticVersion> = {
  ecosystems: ['npm', 'crates.io', 'Hex', 'SwiftURL', 'Julia', 'GitHub Actions', 'Bitnami', 'VSCode'],
  parse: parseSemanticVersion,
  compare: compareSemanticVersions,
};

/** Parts of `v1.2.3-rc.1+build`, or undefined when it is none. */
export function parseSemanticVersion(version: string): SemanticVersion | undefined {
  const text = version.trim();
  if (text.length > LONGEST_VERSION) return undefined;
  const match = /^[vV=]?([0-9]+(?:\.[0-9]+)*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?$/.exec(text);
  if (match === null) return undefined;
  return { numbers: match[1]!.split('.'), preRelease: match[2] === undefined ? [] : match[2].split('.') };
}

/** Numbers first, then a pre-release before its release, then identifiers from the left. */
export function compareSemanticVersions(a: SemanticVersion, b: SemanticVersion): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let index = 0; index < length; index++) {
    const difference = compareDigits(a.numbers[index] ?? '0', b.numbers[index] ?? '0');
    if (difference !== 0) return difference;
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) return b.preRelease.length - a.preRelease.length;
  return compareIdentifierLists(a.preRelease, b.preRelease);
}

/** Dot-separated identifiers: numbers by value and before words; of two lists that begin alike the longer is higher. */
export function compareIdentifierLists(a: string[], b: string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = compareIdentifiers(a[index]!, b[index]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numericA = isDigits(a);
  const numericB = isDigits(b);
  if (numericA && numericB) return compareDigits(a, b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return compareText(a, b);
}
