import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelError, CelUnknown, compileExpression, Double, ExpressionError, type Value } from './index.ts';

const evaluate = (source: string, bindings: Record<string, unknown> = {}): Value =>
  compileExpression(source, { variables: ['object', 'a', 'b', 'p', 'q'] }).evaluate(bindings);

const missing = (value: Value): readonly string[] | undefined =>
  value instanceof CelUnknown ? [...value.$missing].sort() : undefined;

describe('numbers of JSON', () => {
  it.each([
    ['object.replicas + 1 == 4', true],
    ['object.replicas % 2 == 1', true],
    ['type(object.replicas) == int', true],
    ['type(object.score) == double', true],
    ['object.score > 9', true],
    ['object.list[1] == 2', true],
    ['object.list.exists(x, type(x) == double)', true],
    ['3.5 in object.list', true],
    ['object == {"replicas": 3, "score": 9.8, "list": [1, 2, 3.5]}', true],
  ])('%s', (source, expected) => {
    expect(evaluate(source, { object: { replicas: 3, score: 9.8, list: [1, 2, 3.5] } })).toBe(expected);
  });

  it('adds and multiplies exactly up to 64 bits, and fails beyond', () => {
    const ints = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const exact = {
      '+': (a: bigint, b: bigint) => a + b,
      '-': (a: bigint, b: bigint) => a - b,
      '*': (a: bigint, b: bigint) => a * b,
    };
    fc.assert(
      fc.property(ints, ints, fc.constantFrom('+' as const, '-' as const, '*' as const), (a, b, operator) => {
        const value = evaluate(`int('${a}') ${operator} int('${b}')`);
        const expected = exact[operator](a, b);
        if (expected >= -(2n ** 63n) && expected < 2n ** 63n) expect(BigInt(value as bigint)).toBe(expected);
        else expect(value).toBeInstanceOf(CelError);
      }),
    );
  });
});

describe('names', () => {
  it('cannot reach what JavaScript adds to objects', () => {
    for (const field of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length', 'map', 'valueOf']) {
      expect(evaluate(`object.${field}`, { object: {} })).toBeInstanceOf(CelError);
      expect(evaluate(`has(object.${field})`, { object: {} })).toBe(false);
      expect(evaluate(`object['${field}']`, { object: {} })).toBeInstanceOf(CelError);
      expect(evaluate(`'${field}' in object`, { object: {} })).toBe(false);
      expect(evaluate(`object.${field}`, { object: [] })).toBeInstanceOf(CelError);
    }
  });

  it('are read as fields where the object has them', () => {
    const object: unknown = JSON.parse('{"constructor": 1, "__proto__": 2, "length": 3}');
    expect(evaluate('object.constructor + object.__proto__ + object.length', { object })).toBe(6);
  });

  it.each([
    ['object.a &&\n  nobody', '2:3', "undeclared reference to 'nobody'"],
    ['object.shout()', '1:7', 'unknown function shout()'],
    ["object.startsWith('a', 'b')", '1:7', 'no matching overload'],
    ["'a' + 1", '1:5', "overload for '_\\+_' applied to '(string, int)'"],
    ["1 == 'a'", '1:3', 'no matching overload'],
    ['{1: 2}.a.b', '1:9', "type 'int' does not support field selection"],
    ["a ? 1 : 'b'", '1:1', 'no matching overload'],
    ['1.all(x, true)', '1:1', 'cannot be range'],
    ["'a' == \"b", '1:8', 'not closed'],
    ['1 + ', '1:5', 'unexpected end'],
    ['[1, 2', '1:6', "expected ']'"],
    ["'a'.matches('(')", '1:13', 'regular expression'],
    ['a.all(1, true)', '1:7', 'name its variables'],
    ['9223372036854775808', '1:1', '64 bits'],
    ['a. && b', '1:4', "unexpected '&&'"],
  ])('%s is refused with its place', (source, place, message) => {
    expect(() => evaluate(source)).toThrow(ExpressionError);
    expect(() => evaluate(source)).toThrow(new RegExp(`^${place}: .*${message.replace(/[()'\]]/g, '.')}`));
  });
});

describe('libraries of Kubernetes', () => {
  it.each([
    ["sets.contains([1, 2], [2u, 2.0]) && !sets.contains(['a'], ['b'])", true],
    ['sets.equivalent([1, 1], [dyn(1.0)]) && sets.intersects([1, 2], [2]) && !sets.intersects([], [])', true],
    ["[1, 2, 2].isSorted() && !['b', 'a'].isSorted()", true],
    ['[1, 2, 3].sum() == 6 && [1.5, 0.5].sum() == 2.0 && [].sum() == 0', true],
    ["[3, 1, 2].min() == 1 && ['a', 'c', 'b'].max() == 'c'", true],
    ["['a', 'b', 'a'].indexOf('a') == 0 && ['a', 'b', 'a'].lastIndexOf('a') == 2 && ['a'].indexOf('b') == -1", true],
  ])('%s', (source, expected) => expect(evaluate(source)).toBe(expected));

  it.each([
    '[].min()',
    "[1, 'a'].max()",
    "dyn(['a', 'b']).sum()",
    "sets.contains([1], dyn('a'))",
    "[1, 'a'].isSorted()",
  ])('%s is an error', (source) => expect(evaluate(source)).toBeInstanceOf(CelError));
});

describe('unknown facts', () => {
  const UNKNOWNS = [
    'p',
    'q',
    'p.deep.field',
    'p.?a.orValue(true)',
    'has(q.a)',
    'p + 1 == 2',
    "q.startsWith('a')",
    '[1].exists(x, x == q)',
  ];
  const unknown = fc.constantFrom(...UNKNOWNS);

  it('are absorbed by what decides alone, from either side', () => {
    fc.assert(
      fc.property(unknown, (fact) => {
        expect(evaluate(`true || ${fact}`)).toBe(true);
        expect(evaluate(`(${fact}) || true`)).toBe(true);
        expect(evaluate(`false && ${fact}`)).toBe(false);
        expect(evaluate(`(${fact}) && false`)).toBe(false);
        expect(evaluate(`true ? dyn(1) : ${fact}`)).toBe(1);
      }),
    );
  });

  it('stay unknown wherever they matter, with every name that was missing', () => {
    fc.assert(
      fc.property(unknown, unknown, (first, second) => {
        const names = [...new Set([first, second].map((fact) => (fact.includes('q') ? 'q' : 'p')))].sort();
        expect(missing(evaluate(`(${first}) || (${second})`))).toEqual(names);
        expect(missing(evaluate(`(${first}) && (${second})`))).toEqual(names);
        expect(missing(evaluate(`[${first}, ${second}]`))).toEqual(names);
        expect(missing(evaluate(`!(${first})`))).toHaveLength(1);
      }),
    );
  });

  it('are stronger than errors', () => {
    expect(missing(evaluate('p || 1 / 0 > 0'))).toEqual(['p']);
    expect(missing(evaluate('[1, 2].all(x, x == 1 ? 1 / 0 > 0 : p)'))).toEqual(['p']);
  });

  it('may be fields of facts that are there', () => {
    const object = { epss: new CelUnknown(['epss']) };
    expect(missing(evaluate('object.epss > 0.1', { object }))).toEqual(['epss']);
    expect(missing(evaluate('has(object.epss)', { object }))).toEqual(['epss']);
    expect(evaluate('object.epss > 0.1 && false', { object })).toBe(false);
  });
});

describe('evaluation', () => {
  const leaf = fc.constantFrom(
    'object',
    'object.a',
    'object.b[0]',
    'p',
    '1',
    '-7',
    '2u',
    '1.5',
    "'text'",
    "b'\\xff'",
    'true',
    'null',
    '[]',
    "[1, 'a']",
    "{'k': 1}",
    "timestamp('2026-01-01T00:00:00Z')",
    "duration('1h')",
    'string',
    '9223372036854775807',
  );
  const expressions = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(
          tie('node'),
          fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in'),
          tie('node'),
        )
        .map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc
        .tuple(tie('node'), fc.constantFrom('all', 'exists', 'exists_one', 'map', 'filter'), tie('node'))
        .map(([a, m, b]) => `(${a}).${m}(x, ${b})`),
      fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc
        .tuple(
          fc.constantFrom('size', 'string', 'int', 'double', 'uint', 'type', 'bytes', 'duration', 'timestamp', 'dyn'),
          tie('node'),
        )
        .map(([f, a]) => `${f}(${a})`),
      fc
        .tuple(
          tie('node'),
          fc.constantFrom('contains', 'startsWith', 'split', 'join', 'indexOf', 'matches'),
          tie('node'),
        )
        .map(([a, f, b]) => `(${a}).${f}(${b})`),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a})[${b}]`),
      tie('node').map((a) => `(${a}).field`),
    ),
  })).node;

  it('never throws, whatever the object, and gives the same twice', () => {
    fc.assert(
      fc.property(expressions, fc.jsonValue(), (source, object) => {
        let compiled: ReturnType<typeof compileExpression>;
        try {
          compiled = compileExpression(source, { variables: ['object', 'p'] });
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          return;
        }
        const first = compiled.measure({ object });
        expect(compiled.measure({ object })).toEqual(first);
        expect(first.value).not.toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses text that is no expression with a place, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.string({ unit: fc.constantFrom(...'()[]{}.,?:!-+"\'\\ab1 &|<>=`') }),
        ),
        (source) => {
          try {
            compileExpression(source, { variables: ['a', 'b'] });
          } catch (error) {
            expect(error).toBeInstanceOf(ExpressionError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('counts what it costs', () => {
    const cost = (source: string): number => compileExpression(source, { variables: ['a'] }).measure({ a: 1 }).cost;
    expect(cost('a')).toBe(1);
    expect(cost('a + a')).toBe(3);
    expect(cost('[a, a]')).toBe(12);
    expect(cost("'0123456789'.contains('0123456789')")).toBe(1);
    expect(evaluate('1.0 == dyn(1)')).toBe(true);
    expect(evaluate('1.5 + 1.5')).toEqual(new Double(3));
  });
});
