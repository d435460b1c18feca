import type { NeuvectorCriterion } from '@breakwater/model/foreign';
import { CelError } from '../../cel/index.ts';
import { compilePattern } from '../../cel/regex/index.ts';
import type { Answer } from '../three-valued.ts';
import { matchesWildcard } from '../wildcard.ts';

/** Values of a criterion: what stands between its commas. */
export const valuesOf = ({ value }: Pick<NeuvectorCriterion, 'value'>): string[] =>
  value.split(',').map((part) => part.trim());

/** Operators that ask for something not to be: of several criteria of one name all must hold. */
export const isNegative = (op: string): boolean => op.startsWith('!') || op.startsWith('not');

/** Tests one value of a criterion against one of the object; `*` and `?` in the criterion stand for any characters. */
type Matches = (wanted: string, found: string) => boolean;

function matchesPattern(source: string, found: string): boolean {
  const pattern = compilePattern(source);
  return !(pattern instanceof CelError) && pattern.test(found);
}

/** Every operator that there is; not each is one of every criterion. */
export const OPERATORS: ReadonlySet<string> = new Set([
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'contains',
  'prefix',
  'regex',
  '!regex',
  'regexContainsAny',
  '!regexContainsAny',
  'regexContainsAnyEx',
  '!regexContainsAnyEx',
  'containsAll',
  'containsAny',
  'notContainsAny',
  'containsOtherThan',
  'containsTagAny',
  'exist',
  'notExist',
]);

/** Holds a criterion against a set of texts; unknown for operators that are none of texts. Nothing contains nothing: an empty set meets what asks for absence alone. */
export function meetsSet(
  criterion: NeuvectorCriterion,
  found: readonly string[],
  matches: Matches = matchesWildcard,
): Answer {
  const { op, value } = criterion;
  const wanted = valuesOf(criterion);
  const isFound = (one: string): boolean => found.some((own) => matches(one, own));
  const isMatched = (source: string): boolean => found.some((own) => matchesPattern(source, own));
  switch (op) {
    case '=':
      return found.some((own) => matches(value, own));
    case '!=':
      return !found.some((own) => matches(value, own));
    case 'contains':
      return found.some((own) => own.includes(value));
    case 'prefix':
      return found.some((own) => own.startsWith(value));
    case 'regex':
    case 'regexContainsAny':
      return isMatched(value);
    case '!regex':
    case '!regexContainsAny':
      return !isMatched(value);
    case 'regexContainsAnyEx':
      return wanted.some(isMatched);
    case '!regexContainsAnyEx':
      return !wanted.some(isMatched);
    case 'containsAll':
      return found.length > 0 && wanted.every(isFound);
    case 'containsAny':
      return wanted.some(isFound);
    case 'notContainsAny':
      return !wanted.some(isFound);
    case 'containsOtherThan':
      return found.some((own) => !wanted.some((one) => matches(one, own)));
    default:
      return undefined;
  }
}

/** Texts under names, where a name may have several: of the object and of its image. */
export type Entries = ReadonlyMap<string, readonly string[]>;

interface Entry {
  key: string;
  /** Undefined where the name alone is asked for. */
  operator: string | undefined;
  value: string;
}

function entryOf(text: string): Entry {
  const found = /^([^=<>]*)(>=|<=|=|>|<)(.*)$/s.exec(text);
  if (found === null) return { key: text.trim(), operator: undefined, value: '' };
  return { key: found[1]!.trim(), operator: found[2], value: found[3]!.trim() };
}

/** Compares what an entry asks for with what is found under its name. */
export type CompareEntry = (operator: string, wanted: string, found: string) => boolean;

const equal: CompareEntry = (_, wanted, found) => matchesWildcard(wanted, found);

/** Holds a criterion of `key` and `key=value` against named texts. */
export function meetsEntries(criterion: NeuvectorCriterion, found: Entries, compare: CompareEntry = equal): Answer {
  const wanted = valuesOf(criterion).map(entryOf);
  const holds = ({ operator, value }: Entry, own: string): boolean =>
    operator === undefined || compare(operator, value, own);
  const isFound = (entry: Entry): boolean => (found.get(entry.key) ?? []).some((own) => holds(entry, own));
  switch (criterion.op) {
    case 'containsAll':
      return found.size > 0 && wanted.every(isFound);
    case 'containsAny':
      return wanted.some(isFound);
    case 'notContainsAny':
      return !wanted.some(isFound);
    case 'containsOtherThan':
      return [...found].some(([key, values]) =>
        values.some((own) => !wanted.some((entry) => entry.key === key && holds(entry, own))),
      );
    default:
      return undefined;
  }
}

/** Compares numbers. */
export function meetsNumber(op: string, found: number, wanted: number): Answer {
  if (Number.isNaN(wanted)) return false;
  switch (op) {
    case '>=':
      return found >= wanted;
    case '>':
      return found > wanted;
    case '<=':
      return found <= wanted;
    case '<':
      return found < wanted;
    case '=':
      return found === wanted;
    case '!=':
      return found !== wanted;
    default:
      return undefined;
  }
}
