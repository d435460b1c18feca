import { isRecord } from '../../loose-values.ts';
import { type Evaluation, isEqual, type JmesPathFunctions, Reference } from './evaluate.ts';
import { JmesPathError } from './jmespath-error.ts';
import { type Budget, joined, sizeOf, writeText } from './sizes.ts';

const typeOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
};

const wrong = (value: unknown, wanted: string): never => {
  throw new JmesPathError(`expected ${wanted}, found ${typeOf(value)}`);
};

export const textIn = (value: unknown): string => (typeof value === 'string' ? value : wrong(value, 'a string'));
export const numberIn = (value: unknown): number => (typeof value === 'number' ? value : wrong(value, 'a number'));
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : wrong(value, 'an array'));
export const objectIn = (value: unknown): Record<string, unknown> =>
  isRecord(value) ? value : wrong(value, 'an object');
const referenceIn = (value: unknown): Reference => (value instanceof Reference ? value : wrong(value, 'an expression'));

const numbersIn = (value: unknown): number[] => listIn(value).map(numberIn);

/** Texts before and after one another by their characters, numbers by size. */
function order(a: unknown, b: unknown, budget: Budget): number {
  const isComparable = typeof a === typeof b && (typeof a === 'string' || typeof a === 'number');
  if (!isComparable) throw new JmesPathError('only numbers or strings have an order');
  budget.spend(Math.min(sizeOf(a), sizeOf(b)));
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1;
}

function extreme(
  list: readonly unknown[],
  direction: -1 | 1,
  keyOf: (item: unknown) => unknown,
  budget: Budget,
): unknown {
  let found: { item: unknown; key: unknown } | undefined;
  for (const item of list) {
    const key = keyOf(item);
    if (found === undefined || order(key, found.key, budget) === direction) found = { item, key };
  }
  return found?.item ?? null;
}

const byKey = (evaluation: Evaluation, reference: unknown): ((item: unknown) => unknown) => {
  const { node } = referenceIn(reference);
  return (item) => evaluation.evaluate(node, item);
};

function contains(whole: unknown, part: unknown, budget: Budget): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  return listIn(whole).some((item) => isEqual(item, part, budget));
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  return isRecord(value) ? Object.keys(value).length : listIn(value).length;
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  const isNumber = typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*$/.test(value);
  return isNumber ? Number(value) : null;
}

const sorted = (list: readonly unknown[], keyOf: (item: unknown) => unknown, budget: Budget): unknown[] =>
  list
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => order(a.key, b.key, budget))
    .map(({ item }) => item);

const itself = (item: unknown): unknown => item;

/** The functions of the JMESPath specification. */
export const STANDARD_FUNCTIONS: JmesPathFunctions = {
  abs: ([value]) => Math.abs(numberIn(value)),
  avg: ([list]) => {
    const numbers = numbersIn(list);
    return numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  },
  ceil: ([value]) => Math.ceil(numberIn(value)),
  contains: ([whole, part], evaluation) => contains(whole, part, evaluation),
  ends_with: ([text, end]) => textIn(text).endsWith(textIn(end)),
  floor: ([value]) => Math.floor(numberIn(value)),
  join: ([separator, list]) => joined(listIn(list).map(textIn), textIn(separator)),
  keys: ([object]) => Object.keys(objectIn(object)),
  length: ([value]) => lengthOf(value),
  map: ([reference, list], evaluation) => listIn(list).map(byKey(evaluation, reference)),
  max: ([list], evaluation) => extreme(listIn(list), 1, itself, evaluation),
  max_by: ([list, reference], evaluation) => extreme(listIn(list), 1, byKey(evaluation, reference), evaluation),
  merge: (objects) => Object.fromEntries(objects.flatMap((object) => Object.entries(objectIn(object)))),
  min: ([list], evaluation) => extreme(listIn(list), -1, itself, evaluation),
  min_by: ([list, reference], evaluation) => extreme(listIn(list), -1, byKey(evaluation, reference), evaluation),
  not_null: (values) => values.find((value) => value !== null) ?? null,
  reverse: ([value]) => (typeof value === 'string' ? [...value].reverse().join('') : listIn(value).toReversed()),
  sort: ([list], evaluation) => sorted(listIn(list), itself, evaluation),
  sort_by: ([list, reference], evaluation) => sorted(listIn(list), byKey(evaluation, reference), evaluation),
  starts_with: ([text, start]) => textIn(text).startsWith(textIn(start)),
  sum: ([list]) => numbersIn(list).reduce((sum, number) => sum + number, 0),
  to_array: ([value]) => (Array.isArray(value) ? value : [value]),
  to_number: ([value]) => toNumber(value),
  to_string: ([value], evaluation) => writeText(value, evaluation),
  type: ([value]) => typeOf(value),
  values: ([object]) => Object.values(objectIn(object)),
};
