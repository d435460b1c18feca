import { versionOrderOf } from '../matching/index.ts';
import type { VersionOrder } from '../matching/versions/version-order.ts';

/** Ecosystem whose order a type of `vers:` has; all others are ordered as projects number their versions. */
const ECOSYSTEMS: Readonly<Record<string, string>> = Object.freeze({
  alpine: 'Alpine',
  apk: 'Alpine',
  cargo: 'crates.io',
  composer: 'Packagist',
  cran: 'CRAN',
  deb: 'Debian',
  gem: 'RubyGems',
  github: 'npm',
  golang: 'Go',
  hackage: 'Hackage',
  hex: 'Hex',
  maven: 'Maven',
  npm: 'npm',
  nuget: 'NuGet',
  pub: 'Pub',
  pypi: 'PyPI',
  rpm: 'Red Hat',
  semver: 'npm',
});

const MOST_CONSTRAINTS = 1000;

/** The order of versions of a purl or `vers:` type. */
export function orderOfType(type: string): VersionOrder {
  const ecosystem = Object.hasOwn(ECOSYSTEMS, type) ? ECOSYSTEMS[type]! : 'NVD';
  return versionOrderOf(ecosystem)!;
}

interface Constraint {
  comparator: string;
  version: unknown;
}

/**
 * Whether a version is in a range as `vers:TYPE/CONSTRAINT|CONSTRAINT` writes it (package-url/vers-spec); false where
 * either cannot be read, because a statement that is not understood must settle nothing.
 */
export function inVersRange(range: string, version: string): boolean {
  const match = /^vers:([a-z][a-z0-9.+-]*)\/(.+)$/i.exec(range.trim());
  if (match === null) return false;
  if (match[2]!.trim() === '*') return true;
  const order = orderOfType(match[1]!.toLowerCase());
  const parsed = order.parse(version);
  const texts = match[2]!.split('|').filter((text) => text.trim() !== '');
  if (parsed === undefined || texts.length > MOST_CONSTRAINTS) return false;
  const constraints = texts.map((text) => readConstraint(text.trim(), order));
  if (constraints.some((constraint) => constraint === undefined)) return false;
  return holds(constraints as Constraint[], parsed, order);
}

function readConstraint(text: string, order: VersionOrder): Constraint | undefined {
  const match = /^(>=|<=|!=|=|<|>)?(.+)$/.exec(text);
  const version = match === null ? undefined : order.parse(decode(match[2]!.trim()));
  return version === undefined ? undefined : { comparator: match?.[1] ?? '=', version };
}

/**
 * Versions that are named alone decide first. Then the bounds, in order of their versions: the version is in the range
 * when the nearest bound below it opens and none between closes.
 */
function holds(constraints: readonly Constraint[], version: unknown, order: VersionOrder): boolean {
  const same = constraints.filter((item) => order.compare(item.version, version) === 0);
  if (same.some(({ comparator }) => comparator === '!=')) return false;
  if (same.some(({ comparator }) => comparator === '=')) return true;
  const bounds = constraints
    .filter(({ comparator }) => comparator !== '=' && comparator !== '!=')
    .sort((a, b) => order.compare(a.version, b.version));
  if (bounds.length === 0) return constraints.every(({ comparator }) => comparator === '!=');
  const [first] = bounds;
  let isIn = first?.comparator.startsWith('<') ?? false;
  for (const { comparator, version: bound } of bounds) {
    const reached = order.compare(version, bound);
    if (comparator === '>=' ? reached >= 0 : comparator === '>' && reached > 0) isIn = true;
    if (comparator === '<' ? reached >= 0 : comparator === '<=' && reached > 0) isIn = false;
  }
  return isIn;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
