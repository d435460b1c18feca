import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelError, compileExpression, ExpressionError, Failure, type Value } from '../index.ts';
import { kindOf } from '../values.ts';

const VARIABLES = {
  name: 'string',
  ports: 'list(int)',
  labels: 'map(string, string)',
  object: 'dyn',
  when: 'google.protobuf.Timestamp',
};

const typeOf = (source: string): string => compileExpression(source, { variables: VARIABLES }).type;

describe('the type of an expression', () => {
  it.each([
    ['name + "a"', 'string'],
    ['ports.map(p, string(p))', 'list(string)'],
    ['labels.map(k, labels[k])', 'list(string)'],
    ['ports.filter(p, p > 1)', 'list(int)'],
    ['labels.transformMap(k, v, v.size())', 'map(string, int)'],
    ['labels.?app', 'optional_type(string)'],
    ['labels.?app.orValue("")', 'string'],
    ['object.spec.replicas', 'dyn'],
    ['object.a + object.b', 'dyn'],
    ['object.a == 1', 'bool'],
    ['[1, 2u]', 'list(dyn)'],
    ['[]', 'list(dyn)'],
    ['[] + [1]', 'list(int)'],
    ['{}', 'map(dyn, dyn)'],
    ['true ? [] : [1.5]', 'list(double)'],
    ['when - duration("1h")', 'google.protobuf.Timestamp'],
    ['when - when', 'google.protobuf.Duration'],
    ['type(1)', 'type(int)'],
    ['cel.bind(x, name, [x, x])', 'list(string)'],
    ['optional.of(1).optMap(x, x + 1)', 'optional_type(int)'],
    ['quantity("1").add(1)', 'kubernetes.Quantity'],
    ['has(labels.app)', 'bool'],
    ['dyn(1) + 1', 'int'],
  ])('%s is %s', (source, type) => expect(typeOf(source)).toBe(type));

  it.each([
    ['name + 1', '1:6'],
    ['ports[0] == "80"', '1:10'],
    ['ports.exists(p, p.startsWith("8"))', '1:18'],
    ['labels.all(k, labels[k] > 1)', '1:25'],
    ['name.field', '1:5'],
    ['ports.all(p, p)', '1:14'],
    ['name.exists(c, true)', '1:1'],
    ['!name', '1:1'],
    ['name ? 1 : 2', '1:1'],
    ['ports in 80', '1:7'],
    ['[?name]', '1:3'],
    ['name.optMap(x, x)', '1:1'],
    ['quantity(1)', '1:1'],
    ['nobody', '1:1'],
    ['Message{}', '1:8'],
  ])('%s is refused at %s', (source, place) => {
    expect(() => typeOf(source)).toThrow(ExpressionError);
    expect(() => typeOf(source)).toThrow(new RegExp(`^${place}: `));
  });

  it('of a variable must be one that there is', () => {
    expect(() => compileExpression('x', { variables: { x: 'nothing' } })).toThrow(ExpressionError);
  });

  const scalars = fc.constantFrom(
    '1',
    '2u',
    '1.5',
    "'a'",
    "b'a'",
    'true',
    'null',
    "duration('1s')",
    'object',
    'ports',
    'labels',
  );
  const operators = fc.constantFrom('+', '-', '*', '/', '%', '==', '<', '&&', 'in');

  it('holds for the value: what passes the check never fails for its types', () => {
    fc.assert(
      fc.property(scalars, operators, scalars, (a, operator, b) => {
        let value: Value;
        let type: string;
        try {
          const compiled = compileExpression(`${a} ${operator} ${b}`, { variables: VARIABLES });
          type = compiled.type;
          value = compiled.evaluate({ object: 1, ports: [1], labels: { a: 'b' }, name: 'a' });
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          return;
        }
        /* Null may stand for a time, as it may in an API server. */
        const isKnown = !/object|null/.test(`${a}${b}`);
        if (value instanceof CelError && isKnown) expect(value.$message).not.toMatch(/overload/);
        if (!(value instanceof Failure) && type !== 'dyn') expect(type.startsWith(kindOf(value))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
