import { compareQuantities } from '../../../cel/quantity.ts';
import { matchesWildcard } from '../../wildcard.ts';
import { durationIn, quantityIn } from '../scalars.ts';

type Operator = '' | '!' | '>' | '>=' | '<' | '<=';

const IN_RANGE = /^([-+]?\d+(?:\.\d+)?[A-Za-z]*)-([-+]?\d+(?:\.\d+)?[A-Za-z]*)$/;
const NOT_IN_RANGE = /^([-+]?\d+(?:\.\d+)?[A-Za-z]*)!-([-+]?\d+(?:\.\d+)?[A-Za-z]*)$/;
const OPERATORS: readonly Operator[] = ['>=', '<=', '>', '<', '!'];

/** The ends of a range such as `10-20`; undefined for what is none. */
export function rangeIn(pattern: string): readonly [low: string, high: string] | undefined {
  const [, low, high] = IN_RANGE.exec(pattern) ?? [];
  return low === undefined || high === undefined ? undefined : [low, high];
}

/**
 * Whether a value is what a leaf of a Kyverno pattern asks for: equal numbers and booleans, and for texts wildcards,
 * operators, ranges, `|` and `&`, with quantities and durations compared by size. Never throws.
 */
export function matchesValue(value: unknown, pattern: unknown): boolean {
  switch (typeof pattern) {
    case 'boolean':
      return value === pattern;
    case 'number':
      return typeof value === 'string' ? isNumeric(value) && Number(value) === pattern : value === pattern;
    case 'string':
      return matchesText(value, pattern);
    default:
      return pattern === null ? isEmpty(value) : typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

const isNumeric = (text: string): boolean => /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text);

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === 0 || value === '' || value === false;

function matchesText(value: unknown, pattern: string): boolean {
  if (value === pattern) return true;
  return pattern
    .split('|')
    .some((choice) => choice.split('&').every((condition) => matchesCondition(value, condition.trim())));
}

function matchesCondition(value: unknown, pattern: string): boolean {
  const range = rangeIn(pattern);
  if (range !== undefined) return compares(value, '>=', range[0]) && compares(value, '<=', range[1]);
  const [, low, high] = NOT_IN_RANGE.exec(pattern) ?? [];
  if (low !== undefined && high !== undefined) return compares(value, '<', low) || compares(value, '>', high);
  const operator = pattern.length < 2 ? '' : (OPERATORS.find((sign) => pattern.startsWith(sign)) ?? '');
  return compares(value, operator, pattern.slice(operator.length).trim());
}

/** As Kyverno has it: one of the ways to read both is enough. */
function compares(value: unknown, operator: Operator, operand: string): boolean {
  return comparesSize(value, operator, operand) || comparesText(value, operator, operand);
}

/** A number as quantities are written; nothing stands for 0. */
function written(value: unknown): string | undefined {
  if (value === null || value === undefined) return '0';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function comparesSize(value: unknown, operator: Operator, operand: string): boolean {
  const text = written(value);
  if (text === undefined) return false;
  const [a, b] = [durationIn(text), durationIn(operand)];
  if (a !== undefined && b !== undefined && holds(operator, a.$nanos < b.$nanos ? -1 : Number(a.$nanos > b.$nanos))) {
    return true;
  }
  const [left, right] = [quantityIn(text), quantityIn(operand)];
  return left !== undefined && right !== undefined && holds(operator, compareQuantities(left, right));
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '':
      return order === 0;
    case '!':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    default:
      return order <= 0;
  }
}

function comparesText(value: unknown, operator: Operator, operand: string): boolean {
  if (operator !== '' && operator !== '!') return false;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  return matchesWildcard(operand, String(value)) === (operator === '');
}
