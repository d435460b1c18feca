import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelError, compileExpression, Failure } from './index.ts';

const compile = (source: string) =>
  compileExpression(source, { variables: { text: 'string', list: 'list(int)', object: 'dyn' } });

const message = (value: unknown): string => (value instanceof CelError ? value.$message : 'no error');

describe('costs', () => {
  it.each([
    ["'0123456789'.contains('0123456789')", 1, 1, 1],
    ['1 + 2 == 3', 2, 2, 2],
    ['[1, 2, 3].all(x, x > 0)', 20, 26, 26],
    ['[1, 2, 3].exists(x, x > 0)', 23, 29, 20],
    ['[1, 2, 3].filter(x, x > 2)', 30, 66, 42],
    ['[1, 2, 3].map(x, x * 2)', 63, 63, 63],
    ["{'a': 1}.transformMap(k, v, v + 1)", 66, 66, 66],
    ['optional.of(1).optMap(x, x + 1).orValue(2)', 4, 18, 18],
    ['cel.bind(x, 1 + 1, x + x)', 14, 14, 14],
    ["true || '0123456789'.matches('[0-9]+')", 0, 4, 0],
    ["'abc' + 'def'", 1, 1, 1],
    ["quantity('1Gi').isGreaterThan(quantity('1G'))", 3, 3, 3],
  ])('%s: at least %i, at most %i, here %i', (source, min, max, cost) => {
    const compiled = compile(source);
    expect({ ...compiled.estimate(), cost: compiled.measure({}).cost }).toEqual({ min, max, cost });
  });

  it('have no bound where sizes are not known, and one where they are', () => {
    const source = "text.contains('0123456789x')";
    const bounded = compileExpression(source, {
      variables: { text: 'string' },
      sizes: { string: { min: 0, max: 100 } },
    });
    expect(compile(source).estimate().max).toBeGreaterThan(1e18);
    expect(bounded.estimate()).toEqual({ min: 1, max: 21 });
  });

  it('end an evaluation with the place and the cost', () => {
    const compiled = compileExpression('true &&\n  object.map(x, object.map(y, x + y)).size() > 0', {
      variables: ['object'],
      costLimit: 500,
    });
    const object = Array.from({ length: 100 }, (_, index) => index);
    expect(message(compiled.evaluate({ object }))).toMatch(
      /^2:\d+: the cost of the expression exceeds 500 units \(5\d\d so far\)$/,
    );
    expect(compiled.evaluate({ object: [1] })).toBe(true);
  });

  it('share a budget', () => {
    const budget = { remaining: 100 };
    const compiled = compile('[1, 2, 3].map(x, x * 2).size()');
    expect(compiled.evaluate({}, budget)).toBe(3);
    expect(budget.remaining).toBe(36);
    expect(message(compiled.evaluate({}, budget))).toMatch(/exceeds 36 units/);
    expect(budget.remaining).toBe(0);
  });
});

const ints = fc.letrec<{ int: string; bool: string; text: string; list: string }>((tie) => {
  const depth = { depthSize: 'small', withCrossShrink: true } as const;
  const [int, bool, text, list] = [tie('int'), tie('bool'), tie('text'), tie('list')];
  return {
    int: fc.oneof(
      depth,
      fc.nat({ max: 99 }).map(String),
      fc.tuple(int, fc.constantFrom('+', '-', '*'), int).map(([a, o, b]) => `(${a} ${o} ${b})`),
      list.map((a) => `${a}.size()`),
      list.map((a) => `${a}.sum()`),
      text.map((a) => `${a}.indexOf('b')`),
      fc.tuple(bool, int, int).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    ),
    bool: fc.oneof(
      depth,
      fc.boolean().map(String),
      fc.tuple(int, fc.constantFrom('<', '==', '!=', '>='), int).map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc.tuple(text, fc.constantFrom('<', '==', '!='), text).map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc.tuple(bool, fc.constantFrom('&&', '||'), bool).map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc.tuple(list, fc.constantFrom('all', 'exists', 'exists_one')).map(([a, m]) => `${a}.${m}(x, x > 2)`),
      fc.tuple(int, list).map(([a, b]) => `(${a} in ${b})`),
      fc.tuple(text, text).map(([a, b]) => `${a}.contains(${b})`),
    ),
    text: fc.oneof(
      depth,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 25 }).map((a) => `'${a}'`),
      fc.tuple(text, text).map(([a, b]) => `(${a} + ${b})`),
      text.map((a) => `${a}.upperAscii()`),
      text.map((a) => `${a}.trim()`),
    ),
    list: fc.oneof(
      depth,
      fc.array(int, { minLength: 1, maxLength: 4 }).map((a) => `[${a.join(', ')}]`),
      list.map((a) => `${a}.map(x, x + 1)`),
      list.map((a) => `${a}.filter(x, x > 1)`),
      fc.tuple(list, list).map(([a, b]) => `(${a} + ${b})`),
    ),
  };
});

describe('an estimate', () => {
  it('holds for every evaluation without an error', () => {
    fc.assert(
      fc.property(fc.oneof(ints.int, ints.bool, ints.text, ints.list), (source) => {
        const compiled = compile(source);
        const { value, cost } = compiled.measure({});
        const { min, max } = compiled.estimate();
        expect(min).toBeLessThanOrEqual(max);
        if (value instanceof Failure) return;
        expect(cost).toBeLessThanOrEqual(max);
      }),
      { numRuns: 1000 },
    );
  });

  it('bounds time: no expression runs on beyond its limit', () => {
    fc.assert(
      fc.property(
        fc.oneof(ints.int, ints.bool, ints.text, ints.list),
        fc.integer({ min: 1, max: 50 }),
        (source, limit) => {
          const compiled = compileExpression(source, { variables: [], costLimit: limit });
          const { value, cost } = compiled.measure({});
          if (cost > limit) expect(message(value)).toMatch(/exceeds/);
          else expect(message(value)).not.toMatch(/exceeds/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
