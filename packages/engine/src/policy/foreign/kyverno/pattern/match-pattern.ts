import { isRecord } from '../../../loose-values.ts';
import { hasWildcard, matchesWildcard } from '../../wildcard.ts';
import { type PatternKey, parsePatternKey } from './anchors.ts';
import { matchesValue } from './match-value.ts';

type Pointer = readonly (string | number)[];

/** What a pattern says of an object: undefined where it is kept. */
export type PatternFault =
  /** The pattern does not apply: a condition or a global anchor does not hold. */
  | { kind: 'skip' }
  /** Why and where it is broken. */
  | { kind: 'broken'; pointer: Pointer; message: string };

/** Deeper patterns are not followed. */
const MAX_DEPTH = 64;
const SKIP: PatternFault = { kind: 'skip' };

const broken = (pointer: Pointer, message: string): PatternFault => ({ kind: 'broken', pointer, message });

/** Holds an object against a Kyverno pattern; variables must have been put in. Never throws. */
export const matchPattern = (object: unknown, pattern: unknown): PatternFault | undefined =>
  matchElement(object, pattern, []);

function matchElement(value: unknown, pattern: unknown, pointer: Pointer): PatternFault | undefined {
  if (pointer.length > MAX_DEPTH) return broken(pointer, 'the pattern is nested too deeply');
  if (isRecord(pattern)) {
    return isRecord(value) ? matchMap(value, pattern, pointer) : broken(pointer, 'is not set as the pattern asks');
  }
  if (Array.isArray(pattern)) {
    return Array.isArray(value) ? matchList(value, pattern, pointer) : broken(pointer, 'is no list');
  }
  if (!Array.isArray(value)) {
    return matchesValue(value ?? null, pattern) ? undefined : broken(pointer, `is not ${shown(pattern)}`);
  }
  const index = value.findIndex((item) => !matchesValue(item, pattern));
  return index < 0 ? undefined : broken([...pointer, index], `is not ${shown(pattern)}`);
}

const shown = (pattern: unknown): string => JSON.stringify(pattern)?.slice(0, 200) ?? '';

interface Entry extends PatternKey {
  pattern: unknown;
}

const known = new WeakMap<object, readonly Entry[]>();

/** Conditions first, then other anchors, then what holds anchors inside, as Kyverno orders them; else by name. */
function ordered(pattern: Record<string, unknown>): readonly Entry[] {
  let entries = known.get(pattern);
  if (entries === undefined) {
    entries = order(pattern);
    known.set(pattern, entries);
  }
  return entries;
}

function order(pattern: Record<string, unknown>): Entry[] {
  const rank = ({ anchor, pattern: inner }: Entry): number => {
    if (anchor === 'condition') return 0;
    if (anchor === 'equality' || anchor === 'existence' || anchor === 'negation') return 1;
    return anchor === 'global' || hasAnchors(inner, 0) ? 2 : 3;
  };
  const entries = Object.entries(pattern).map(([key, inner]) => ({ ...parsePatternKey(key), pattern: inner }));
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || (a.entry.key < b.entry.key ? -1 : 1))
    .map(({ entry }) => entry);
}

function hasAnchors(pattern: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH || typeof pattern !== 'object' || pattern === null) return false;
  if (Array.isArray(pattern)) return pattern.some((item) => hasAnchors(item, depth + 1));
  return Object.entries(pattern).some(
    ([key, inner]) => parsePatternKey(key).anchor !== undefined || hasAnchors(inner, depth + 1),
  );
}

function matchMap(
  value: Record<string, unknown>,
  pattern: Record<string, unknown>,
  pointer: Pointer,
): PatternFault | undefined {
  const isMetadata = pointer.at(-2) === 'metadata' && ['labels', 'annotations'].includes(String(pointer.at(-1)));
  for (const entry of ordered(pattern)) {
    for (const key of isMetadata ? keysMeant(entry, value) : [entry.key]) {
      const fault = matchEntry(value, { ...entry, key }, pointer);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** Wildcards in keys of labels and annotations stand for the keys that are there: all, or one that will do. */
function keysMeant({ anchor, key, pattern }: Entry, value: Record<string, unknown>): string[] {
  if (!hasWildcard(key)) return [key];
  const found = Object.keys(value).filter((name) => matchesWildcard(key, name));
  if (found.length === 0) return [key];
  if (anchor === 'equality' || anchor === 'negation') return found;
  return [found.find((name) => matchesValue(value[name], pattern)) ?? (found[0] as string)];
}

function matchEntry(
  object: Record<string, unknown>,
  { anchor, key, pattern }: Entry,
  pointer: Pointer,
): PatternFault | undefined {
  const at = [...pointer, key];
  const isThere = Object.hasOwn(object, key);
  const value = isThere ? object[key] : null;
  switch (anchor) {
    case 'negation':
      return isThere ? broken(at, 'may not be set') : undefined;
    case 'equality':
      return isThere ? matchElement(value, pattern, at) : undefined;
    case 'condition':
      return isThere && matchElement(value, pattern, at) === undefined ? undefined : SKIP;
    case 'global':
      return !isThere || matchElement(value, pattern, at) === undefined ? undefined : SKIP;
    case 'existence':
      return isThere ? matchExistence(value, pattern, at) : undefined;
    case 'addition':
      return undefined;
    default:
      if (pattern !== '*') return matchElement(value, pattern, at);
      return value === null ? broken(at, 'is not set') : undefined;
  }
}

/** At least one element for each of the patterns. */
function matchExistence(value: unknown, pattern: unknown, pointer: Pointer): PatternFault | undefined {
  if (!Array.isArray(value) || !Array.isArray(pattern)) return broken(pointer, 'is no list');
  const isMissing = pattern.some(
    (wanted) => !value.some((item, index) => matchElement(item, wanted, [...pointer, index]) === undefined),
  );
  return isMissing ? broken(pointer, 'has no element that the pattern asks for') : undefined;
}

function matchList(
  values: readonly unknown[],
  patterns: readonly unknown[],
  pointer: Pointer,
): PatternFault | undefined {
  const [first] = patterns;
  if (patterns.length === 0) return broken(pointer, 'is held against an empty pattern');
  if (Array.isArray(first)) {
    if (values.length < patterns.length) return broken(pointer, 'has too few elements');
    return everyApplying(patterns.map((pattern, index) => matchElement(values[index], pattern, [...pointer, index])));
  }
  if (!isRecord(first)) return matchElement(values, first, pointer);
  return everyApplying(values.map((value, index) => matchElement(value, first, [...pointer, index])));
}

/** Elements that a condition leaves out do not count, unless it leaves out all. */
function everyApplying(faults: readonly (PatternFault | undefined)[]): PatternFault | undefined {
  const fault = faults.find((one) => one?.kind === 'broken');
  if (fault !== undefined) return fault;
  return faults.length > 0 && faults.every((one) => one?.kind === 'skip') ? SKIP : undefined;
}
