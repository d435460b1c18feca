import { traverse } from '../cost/prices.ts';
import { int } from '../numbers.ts';
import { BOOL, INT, SEMVER, STRING } from '../types.ts';
import { CelError, Opaque, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

const STRICT =
  /^(0|[1-9]\d{0,19})\.(0|[1-9]\d{0,19})\.(0|[1-9]\d{0,19})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const NUMERIC = /^\d+$/;
const MAX_LENGTH = 1_000;
const UINT_LIMIT = 2n ** 64n;

/** A semantic version. What stands behind `+` does not count in comparisons. */
export class SemanticVersion extends Opaque {
  readonly $kind = 'kubernetes.Semver';
  readonly $numbers: readonly bigint[];
  readonly $prerelease: readonly string[];
  readonly $text: string;

  constructor(numbers: readonly bigint[], prerelease: readonly string[], text: string) {
    super();
    this.$numbers = numbers;
    this.$prerelease = prerelease;
    this.$text = text;
  }

  $equals(other: Opaque): boolean {
    return other instanceof SemanticVersion && compare(this, other) === 0;
  }
}

const orderOf = <T extends bigint | string | number>(a: T, b: T): number => (a < b ? -1 : Number(a > b));

function compareParts(a: string, b: string): number {
  const [left, right] = [NUMERIC.test(a), NUMERIC.test(b)];
  if (left && right) return orderOf(BigInt(a), BigInt(b));
  return left === right ? orderOf(a, b) : left ? -1 : 1;
}

/** The order of Semantic Versioning 2.0, section 11. */
function compare(a: SemanticVersion, b: SemanticVersion): number {
  for (const [index, number] of a.$numbers.entries()) {
    const order = orderOf(number, b.$numbers[index] ?? 0n);
    if (order !== 0) return order;
  }
  if (a.$prerelease.length === 0 || b.$prerelease.length === 0) {
    return orderOf(b.$prerelease.length === 0 ? 0 : 1, a.$prerelease.length === 0 ? 0 : 1);
  }
  for (const [index, part] of a.$prerelease.entries()) {
    const other = b.$prerelease[index];
    const order = other === undefined ? 1 : compareParts(part, other);
    if (order !== 0) return order;
  }
  return orderOf(a.$prerelease.length, b.$prerelease.length);
}

/** Without `v` and leading zeros, with the numbers that are left out. */
function normalize(text: string): string | undefined {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length > 0 ? [rest.join('.')] : [])];
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) return undefined;
  const trimmed = parts.map((part) =>
    part.length > 1 ? part.replace(/^0+(?=\d)/, '').replace(/^0+(?=[^\d])/, '0') : part,
  );
  while (trimmed.length < 3) trimmed.push('0');
  return trimmed.join('.');
}

function parse(text: string, normalizes: boolean): SemanticVersion | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const strict = normalizes ? normalize(text) : text;
  const match = strict === undefined ? null : STRICT.exec(strict);
  if (strict === undefined || match === null) return undefined;
  const numbers = [match[1], match[2], match[3]].map((part) => BigInt(part ?? 0));
  const prerelease = match[4]?.split('.') ?? [];
  const isValid = prerelease.every((part) => !/^0\d+$/.test(part)) && numbers.every((number) => number < UINT_LIMIT);
  return isValid ? new SemanticVersion(numbers, prerelease, strict) : undefined;
}

const read = (text: string, normalizes: boolean): Value =>
  parse(text, normalizes) ?? new CelError(`not a semantic version: ${text.slice(0, 60)}`);

const PARSING = traverse(0);

const number = (name: string, index: number): FunctionDeclaration =>
  member(name, [SEMVER], INT, (_, version: SemanticVersion) => int(BigInt.asIntN(64, version.$numbers[index] ?? 0n)));

/** Kubernetes' functions on semantic versions. */
export const SEMVER_FUNCTIONS: FunctionDeclaration[] = [
  global('semver', [STRING], SEMVER, (_, text) => read(text, false), PARSING),
  { ...global('semver', [STRING, BOOL], SEMVER, (_, text, normalizes) => read(text, normalizes), PARSING), since: 1 },
  global('isSemver', [STRING], BOOL, (_, text) => parse(text, false) !== undefined, PARSING),
  {
    ...global(
      'isSemver',
      [STRING, BOOL],
      BOOL,
      (_, text, normalizes) => parse(text, normalizes) !== undefined,
      PARSING,
    ),
    since: 1,
  },
  number('major', 0),
  number('minor', 1),
  number('patch', 2),
  member('isGreaterThan', [SEMVER, SEMVER], BOOL, (_, a, b) => compare(a, b) > 0),
  member('isLessThan', [SEMVER, SEMVER], BOOL, (_, a, b) => compare(a, b) < 0),
  member('compareTo', [SEMVER, SEMVER], INT, (_, a, b) => compare(a, b)),
];
