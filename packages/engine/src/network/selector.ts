import type { Json } from '@breakwater/model';
import { fieldOf, listOf, objectOf } from '../json/index.ts';

/** One thing that labels must fulfil. */
export interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: readonly string[];
  /** It stands in `matchExpressions`. */
  expression?: true;
}

/** A LabelSelector: every requirement must hold; none selects everything. */
export interface Selector {
  requirements: readonly Requirement[];
  /** The same text for the same meaning. */
  key: string;
}

/** Why a policy cannot be what the API server would take; the message is a clause. */
export class InvalidPolicy extends Error {}

const prefixPattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const namePattern = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Whether a word is an operator of label selectors. */
export function isOperator(word: Json | undefined): word is Requirement['operator'] {
  return word === 'In' || word === 'NotIn' || word === 'Exists' || word === 'DoesNotExist';
}

/** Whether labels meet a selector. */
export function selects(selector: Selector, labels: ReadonlyMap<string, string>): boolean {
  return selector.requirements.every((requirement) => meets(requirement, labels.get(requirement.key)));
}

/** Whether a requirement is met by the value of its label; undefined where there is no such label. */
export function meets({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Reads a LabelSelector as the API server validates it. @throws InvalidPolicy with a clause that says what is wrong. */
export function parseSelector(value: Json | undefined, where: string): Selector {
  const selector = objectOf(value ?? {});
  if (selector === undefined) throw new InvalidPolicy(`${where} is not an object`);
  const requirements = [...labelRequirements(selector, where), ...expressionRequirements(selector, where)];
  const key = requirements.map(({ key, operator, values }) => `${key} ${operator} ${[...values].sort().join(',')}`);
  return { requirements, key: [...new Set(key)].sort().join('; ') };
}

function labelRequirements(selector: { [key: string]: Json }, where: string): Requirement[] {
  const labels = objectOf(fieldOf(selector, 'matchLabels') ?? {});
  if (labels === undefined) throw new InvalidPolicy(`${where}.matchLabels is not an object`);
  return Object.entries(labels).map(([key, value]) => {
    if (typeof value !== 'string')
      throw new InvalidPolicy(`${where}.matchLabels has a value of ${key} that is not text`);
    checkKey(key, where);
    checkValue(value, where);
    return { key, operator: 'In', values: [value] };
  });
}

function expressionRequirements(selector: { [key: string]: Json }, where: string): Requirement[] {
  return listOf(fieldOf(selector, 'matchExpressions') ?? []).map((item) => {
    const expression = objectOf(item);
    const key = fieldOf(expression, 'key');
    const operator = fieldOf(expression, 'operator');
    if (typeof key !== 'string') throw new InvalidPolicy(`${where}.matchExpressions has an entry without a key`);
    checkKey(key, where);
    if (!isOperator(operator))
      throw new InvalidPolicy(`${where}.matchExpressions has the operator ${JSON.stringify(operator ?? null)}`);
    const values = expressionValues(fieldOf(expression, 'values'), operator, where);
    return { key, operator, values, expression: true };
  });
}

function expressionValues(value: Json | undefined, operator: Requirement['operator'], where: string): string[] {
  const values = listOf(value).map((item) => {
    if (typeof item !== 'string') throw new InvalidPolicy(`${where}.matchExpressions has a value that is not text`);
    checkValue(item, where);
    return item;
  });
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues && values.length === 0)
    throw new InvalidPolicy(`${where}.matchExpressions has ${operator} without values`);
  if (!needsValues && values.length > 0)
    throw new InvalidPolicy(`${where}.matchExpressions has ${operator} with values`);
  return values;
}

function checkKey(key: string, where: string): void {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (!namePattern.test(name) || (slash >= 0 && !prefixPattern.test(key.slice(0, slash))))
    throw new InvalidPolicy(`${where} has the label key ${JSON.stringify(key)}`);
}

function checkValue(value: string, where: string): void {
  if (value !== '' && !namePattern.test(value))
    throw new InvalidPolicy(`${where} has the label value ${JSON.stringify(value)}`);
}
