import { describe, expect, it } from 'vitest';
import { JmesPathError } from '../jmespath/index.ts';
import { meetsAnyAll } from './conditions.ts';

const holds = (key: unknown, operator: string, value: unknown): boolean =>
  meetsAnyAll({ all: [{ key, operator, value }] }, (part) => part) as boolean;

describe('operators of conditions', () => {
  it.each<[unknown, string, unknown, boolean]>([
    ['a', 'Equals', 'a', true],
    ['nginx:1', 'Equals', 'nginx:*', true],
    ['1Gi', 'Equals', '1024Mi', true],
    ['60s', 'Equals', '1m', true],
    ['1h', 'Equals', 3600, true],
    [3, 'Equals', '3', true],
    [true, 'Equals', true, true],
    [true, 'Equals', 'true', false],
    [['a'], 'Equals', ['a'], true],
    [{ a: 1 }, 'Equal', { a: 1 }, true],
    [null, 'Equals', null, false],
    ['a', 'NotEquals', 'b', true],
    [1, 'NotEqual', 1, false],
    ['a', 'AnyIn', ['a', 'b'], true],
    ['c', 'AnyIn', ['a', 'b'], false],
    [['a', 'c'], 'AnyIn', ['a', 'b'], true],
    [['a', 'c'], 'AllIn', ['a', 'b'], false],
    [['a', 'c'], 'AnyNotIn', ['a', 'b'], true],
    [['a', 'b'], 'AnyNotIn', ['a', 'b'], false],
    [['a', 'c'], 'AllNotIn', ['a', 'b'], false],
    [['c', 'd'], 'AllNotIn', ['a', 'b'], true],
    [[], 'AnyNotIn', ['a'], false],
    ['ALL', 'AnyNotIn', '', true],
    ['ALL', 'AnyNotIn', ['ALL'], false],
    [[80, 5500], 'AnyNotIn', '5000-6000', true],
    [[5000, 5500], 'AnyNotIn', '5000-6000', false],
    ['a', 'In', '["a","b"]', true],
    ['c', 'NotIn', '["a","b"]', true],
    [{ a: 1 }, 'AnyIn', ['a'], false],
    [5, 'GreaterThan', 4, true],
    ['5', 'GreaterThan', 4, true],
    [5, 'LessThanOrEquals', '5', true],
    ['512Mi', 'LessThan', '1Gi', true],
    ['2h', 'GreaterThan', '90m', true],
    ['1.10.0', 'GreaterThan', '1.9.0', true],
    ['1.10.0-rc.1', 'LessThan', '1.10.0', true],
    ['a', 'GreaterThan', 'b', false],
    ['2h', 'DurationGreaterThan', '1h', true],
    [30, 'DurationLessThan', '1m', true],
  ])('%j %s %j: %s', (key, operator, value, expected) => {
    expect(holds(key, operator, value)).toBe(expected);
  });

  it.each(['NoSuchOperator', 'Equalss', '', 'constructor'])(
    'are told where there is none of the name: %j',
    (operator) => {
      expect(() => holds('a', operator, 'a')).toThrow(JmesPathError);
    },
  );
});

describe('any and all', () => {
  const yes = { key: 1, operator: 'Equals', value: 1 };
  const no = { key: 1, operator: 'Equals', value: 2 };
  const meets = (conditions: unknown): unknown => meetsAnyAll(conditions, (part) => part);

  it.each<[unknown, boolean]>([
    [undefined, true],
    [{}, true],
    [{ any: [] }, true],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ all: [yes, no] }, false],
    [{ any: [yes], all: [yes] }, true],
    [{ any: [yes], all: [no] }, false],
    [[yes, yes], true],
    [[yes, no], false],
    [[{ any: [yes, no] }, { all: [no] }], false],
    [{ all: ['nonsense'] }, false],
  ])('%j: %s', (conditions, expected) => {
    expect(meets(conditions)).toBe(expected);
  });
});
