import { compareQuantities } from '../../cel/quantity.ts';
import { isRecord, listOf, textOf } from '../../loose-values.ts';
import { type Budget, isEqual, JmesPathError, StepBudget, sizeOf, writeText } from '../jmespath/index.ts';
import { matchesWildcard } from '../wildcard.ts';
import { matchesValue, rangeIn } from './pattern/match-value.ts';
import { durationIn, quantityIn } from './scalars.ts';

/** Puts variables into a value; throws what JMESPath throws. */
export type Substitute = (value: unknown) => unknown;

/** `{ any, all }`, or a list of conditions that must all hold; throws where comparing takes too many steps, or is not known. */
export function meetsAnyAll(conditions: unknown, substitute: Substitute, budget: Budget = new StepBudget()): boolean {
  if (conditions === undefined || conditions === null) return true;
  if (Array.isArray(conditions)) {
    const blocks = conditions.filter((item) => isRecord(item) && ('any' in item || 'all' in item));
    if (blocks.length === 0) return conditions.every((condition) => holds(condition, substitute, budget));
    return blocks.every((block) => meetsAnyAll(block, substitute, budget));
  }
  if (!isRecord(conditions)) return true;
  const { any, all } = conditions;
  if (Array.isArray(any) && any.length > 0 && !any.some((condition) => holds(condition, substitute, budget)))
    return false;
  return listOf(all).every((condition) => holds(condition, substitute, budget));
}

function holds(condition: unknown, substitute: Substitute, budget: Budget): boolean {
  if (!isRecord(condition)) return false;
  const key = substitute(condition['key']);
  const value = substitute(condition['value']);
  const name = textOf(condition['operator']).toLowerCase();
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) throw new JmesPathError(`there is no operator ${JSON.stringify(name.slice(0, 40))}`);
  return operator(key, value, budget);
}

type Operator = (key: unknown, value: unknown, budget: Budget) => boolean;

const alike = (a: string, b: string): boolean => matchesWildcard(a, b) || matchesWildcard(b, a);

function equals(key: unknown, value: unknown, budget: Budget): boolean {
  if (typeof key === 'string') return equalsText(key, value);
  if (typeof key === 'number' && typeof value === 'string') return value.trim() !== '' && Number(value) === key;
  return key !== null && key !== undefined && isEqual(key, value, budget);
}

function equalsText(key: string, value: unknown): boolean {
  const [a, b] = [durationIn(key), durationOf(value)];
  if (a !== undefined && b !== undefined) return a.$nanos === b;
  if (typeof value !== 'string') return false;
  const [left, right] = [quantityIn(key), quantityIn(value)];
  if (left !== undefined) return right !== undefined && compareQuantities(left, right) === 0;
  return matchesWildcard(value, key);
}

const NANOS = 1_000_000_000;

/** A number counts as seconds. */
function durationOf(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.round(value * NANOS));
  return typeof value === 'string' ? durationIn(value)?.$nanos : undefined;
}

/** The texts that a key or a value stands for: a list, a text, or a text that is a JSON list. */
function textsOf(value: unknown, budget: Budget): string[] | undefined {
  if (Array.isArray(value)) return value.map((item) => writeText(item, budget));
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (typeof value !== 'string') return undefined;
  const parsed = listIn(value);
  return parsed === undefined ? [value] : parsed.map((item) => writeText(item, budget));
}

function listIn(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Whether each key is among the values, or in their range; undefined where they are no keys or no values. */
function membership(key: unknown, value: unknown, budget: Budget): boolean[] | undefined {
  const keys = Array.isArray(key)
    ? key.map((item) => writeText(item, budget))
    : isScalar(key)
      ? [String(key)]
      : undefined;
  if (keys === undefined) return undefined;
  if (typeof value === 'string' && rangeIn(value) !== undefined) {
    return keys.map((one) => one === value || matchesValue(one, value));
  }
  const values = textsOf(value, budget);
  const isAmong = (one: string): boolean =>
    values?.some((other) => {
      budget.spend(Math.max(sizeOf(one), sizeOf(other)));
      return alike(one, other);
    }) ?? false;
  return values && keys.map(isAmong);
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const anyIn: Operator = (key, value, budget) => membership(key, value, budget)?.some(Boolean) ?? false;
const allIn: Operator = (key, value, budget) => membership(key, value, budget)?.every(Boolean) ?? false;
const anyNotIn: Operator = (key, value, budget) => membership(key, value, budget)?.some((isIn) => !isIn) ?? false;
const allNotIn: Operator = (key, value, budget) => membership(key, value, budget)?.every((isIn) => !isIn) ?? false;

/** -1, 0 or 1 for durations, quantities, numbers and versions; undefined for what has no order. */
function order(key: unknown, value: unknown, budget: Budget): number | undefined {
  if (typeof key === 'number' && typeof value === 'number') return Math.sign(key - value);
  const isWritten = typeof key === 'string' || typeof value === 'string';
  const [a, b] = [durationOf(key), durationOf(value)];
  if (isWritten && a !== undefined && b !== undefined) return a < b ? -1 : Number(a > b);
  const [first, second] = [writeText(key, budget), writeText(value, budget)];
  const [left, right] = [quantityIn(first), quantityIn(second)];
  if (left !== undefined && right !== undefined) return compareQuantities(left, right);
  return orderOfVersions(first, second);
}

const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;

function orderOfVersions(a: string, b: string): number | undefined {
  const [left, right] = [VERSION.exec(a), VERSION.exec(b)];
  if (left === null || right === null) return undefined;
  for (const part of [1, 2, 3]) {
    const difference = Number(left[part]) - Number(right[part]);
    if (difference !== 0) return Math.sign(difference);
  }
  const [before, after] = [left[4], right[4]];
  if (before === after) return 0;
  if (before === undefined || after === undefined) return before === undefined ? 1 : -1;
  return before < after ? -1 : 1;
}

const ordered =
  (test: (order: number) => boolean): Operator =>
  (key, value, budget) => {
    const between = order(key, value, budget);
    return between !== undefined && test(between);
  };

const orderedDurations =
  (test: (order: number) => boolean): Operator =>
  (key, value) => {
    const [a, b] = [durationOf(key), durationOf(value)];
    return a !== undefined && b !== undefined && test(a < b ? -1 : Number(a > b));
  };

const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
  greaterthan: (between) => between > 0,
  greaterthanorequals: (between) => between >= 0,
  lessthan: (between) => between < 0,
  lessthanorequals: (between) => between <= 0,
};

/** By name, without regard to case. */
const OPERATORS: Readonly<Record<string, Operator | undefined>> = {
  equal: equals,
  equals,
  notequal: (key, value, budget) => !equals(key, value, budget),
  notequals: (key, value, budget) => !equals(key, value, budget),
  in: allIn,
  anyin: anyIn,
  allin: allIn,
  notin: anyNotIn,
  anynotin: anyNotIn,
  allnotin: allNotIn,
  ...Object.fromEntries(Object.entries(TESTS).map(([name, test]) => [name, ordered(test)])),
  ...Object.fromEntries(Object.entries(TESTS).map(([name, test]) => [`duration${name}`, orderedDurations(test)])),
};
