import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelUnknown } from '../../cel/index.ts';
import { JmesPathError, JmesPathUnknown, queryJmesPath, STANDARD_FUNCTIONS } from './index.ts';

const DATA = {
  name: 'web',
  'a b': 1,
  none: null,
  list: [1, 2, 3, 4],
  nested: [[1, [2]], [3], 4],
  people: [
    { name: 'ann', age: 30, tags: ['x', 'y'] },
    { name: 'bob', age: 20 },
  ],
  map: { a: { n: 1 }, b: { n: 2 }, c: 3 },
};

const query = (expression: string, value: unknown = DATA): unknown =>
  queryJmesPath(expression, value, STANDARD_FUNCTIONS);

/** A value that holds itself twice, many times over. */
const twice = (value: string): string => `(${value} | ${Array.from({ length: 40 }, () => '[@, @]').join(' | ')})`;

describe('JMESPath', () => {
  it.each([
    ['name', 'web'],
    ['"a b"', 1],
    ['none', null],
    ['missing.deeper[0]', null],
    ['list[0]', 1],
    ['list[-1]', 4],
    ['list[9]', null],
    ['list[1:3]', [2, 3]],
    ['list[::-1]', [4, 3, 2, 1]],
    ['list[:-2]', [1, 2]],
    ['list[5:]', []],
    ['nested[]', [1, [2], 3, 4]],
    ['nested[][]', [1, 2, 3, 4]],
    ['people[*].name', ['ann', 'bob']],
    ['people[*].tags', [['x', 'y']]],
    ['people[].tags[]', ['x', 'y']],
    ['people[*].tags[0]', ['x']],
    ['people[?age > `25`].name', ['ann']],
    ['people[?age > `25`].name | [0]', 'ann'],
    ["people[?name == 'bob' || age == `30`] | length(@)", 2],
    ['people[?!tags].name', ['bob']],
    ['map.*.n', [1, 2]],
    ['[name, list[0]]', ['web', 1]],
    ['{ n: name, first: list[0] }', { n: 'web', first: 1 }],
    ['people[*].{ n: name }', [{ n: 'ann' }, { n: 'bob' }]],
    ['map.[a, c]', [{ n: 1 }, 3]],
    ['missing.[a, b]', null],
    ["missing || 'other'", 'other'],
    ["name && 'yes'", 'yes'],
    ['!missing', true],
    ['list == `[1, 2, 3, 4]`', true],
    ["name != 'web'", false],
    ["name > 'a'", null],
    ["'it''s'", 'it'],
    ["'it\\'s'", "it's"],
    ['`"text"`', 'text'],
    ['keys(map)', ['a', 'b', 'c']],
    ['sort_by(people, &age)[0].name', 'bob'],
    ['max_by(people, &age).name', 'ann'],
    ["join('-', people[].name)", 'ann-bob'],
    ['map(&age, people)', [30, 20]],
    ['sum(list)', 10],
    ['type(none)', 'null'],
    ["contains(list, `2`) && contains(name, 'e')", true],
    ['to_string(map.a)', '{"n":1}'],
    ["to_number('1.5')", 1.5],
    ['merge(map.a, `{"m": 2}`)', { n: 1, m: 2 }],
    ["not_null(none, missing, 'x')", 'x'],
    ['reverse(list)[0]', 4],
  ])('%s', (expression, expected) => {
    if (expression === "'it''s'") return expect(() => query(expression)).toThrow(JmesPathError);
    return expect(query(expression)).toEqual(expected);
  });

  it.each(['', 'a.', 'a[', 'a[1', '[0', 'a b', 'f(', '&', 'a[::0]', '`{`', 'a..b', '{a}', '"a"(b)', '1', 'a[?', '!'])(
    'refuses %j',
    (expression) => {
      expect(() => query(expression)).toThrow(JmesPathError);
    },
  );

  it('tells what it needs and has not: functions, and facts', () => {
    expect(() => query('nobody_knows(name)')).toThrow(JmesPathUnknown);
    const data = { user: new CelUnknown(['request.userInfo']) };
    expect(() => query('user.groups', data)).toThrow('not known: request.userInfo');
    expect(query("'a' || user", data)).toBe('a');
  });

  it('reads own fields only', () => {
    expect([query('constructor'), query('__proto__.polluted'), query('list.length')]).toEqual([null, null, null]);
    expect(Object.keys(query('{ "__proto__": name }') as object)).toEqual(['__proto__']);
  });

  it('gives a value or one of its errors for every text', () => {
    const word = fc.constantFrom(
      'a',
      'list',
      '.',
      '[',
      ']',
      '[]',
      '[?',
      '*',
      '|',
      '||',
      '&&',
      '!',
      '(',
      ')',
      '{',
      '}',
      ':',
      ',',
      '@',
      '&',
      '`1`',
      "'x'",
      '1',
      '-1',
      '==',
      '<',
      'keys',
      'length',
      'sort_by',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
        ),
        (expression) => {
          try {
            query(expression);
          } catch (error) {
            expect(error instanceof JmesPathError || error instanceof JmesPathUnknown).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('bounds what an expression may do', () => {
    expect(() => query('('.repeat(5_000))).toThrow('nested too deeply');
    expect(() => query(`name${'.a'.repeat(6_000)}`)).toThrow('longer than');
    const wide = { list: Array.from({ length: 2_000 }, () => ({ list: Array.from({ length: 2_000 }, () => 1) })) };
    expect(() => query('list[].list[].to_string(@)', wide)).toThrow('too many steps');
  });

  it.each([
    `\`1\` | ${'[@, @] | '.repeat(40)} to_string(@)`,
    `\`[1]\` | ${'[@, @] | [] | '.repeat(40)} length(@)`,
    `'aaaaaaaa' ${"| join('', [@, @]) ".repeat(28)}`,
    `[${twice('`1`')}, ${twice('`1`')}] | [0] == [1]`,
    `[${twice('`1`')}, ${twice('`1`')}] | contains([[0]], [1])`,
  ])('bounds values that are small until they are written or compared, %#', (expression) => {
    expect(() => query(expression)).toThrow(/too many steps|too long/);
  });
});
