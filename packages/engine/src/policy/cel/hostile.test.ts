import { describe, expect, it } from 'vitest';
import { CelError, compileExpression, ExpressionError, type Value } from './index.ts';
import { DEFAULT_COST_LIMIT } from './limits.ts';

const evaluate = (source: string, bindings: Record<string, unknown> = {}): Value =>
  compileExpression(source, { variables: ['object'] }).evaluate(bindings);

const refused = (source: string): void => expect(() => evaluate(source)).toThrow(ExpressionError);

describe('hostile expressions', () => {
  it.each([
    ['brackets', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
    ['lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['signs', `${'!'.repeat(5000)}true`],
    ['a sum', Array(5000).fill('1').join('+')],
    ['fields', `object${'.a'.repeat(5000)}`],
    ['indexes', `object${'[0]'.repeat(5000)}`],
    ['conditions', `${'true ? 1 : '.repeat(5000)}1`],
    ['macros', `${'[1].map(x, '.repeat(5000)}1${')'.repeat(5000)}`],
    ['text', `'${'a'.repeat(100_001)}'`],
  ])('are refused when too deep or long: %s', (_, source) => refused(source));

  it('may be long chains of conditions', () => {
    expect(evaluate(Array(5000).fill('true').join('&&'))).toBe(true);
    expect(evaluate(Array(5000).fill('false').join(' || '))).toBe(false);
  });

  const list = Array.from({ length: 300 }, (_, index) => index);

  it.each([
    ['three loops', 'object.all(a, object.all(b, object.all(c, a + b + c >= 0)))'],
    ['three loops behind true', 'true && object.all(a, object.all(b, object.all(c, a + b + c >= 0)))'],
    ['a text that doubles', `['${'x'.repeat(1000)}']${'.map(s, s + s + s + s)'.repeat(40)}`],
    ['a list that doubles', `[object]${'.map(s, s + s + s + s)'.repeat(40)}`],
    ['a replacement that grows', `['${'x'.repeat(1000)}']${".map(s, s.replace('x', 'xxxxxxxxxx'))".repeat(30)}`],
    ['deep comparisons', `object.all(a, object.all(b, object == object))`],
    ['searches', `object.exists(a, object.exists(b, '${'a'.repeat(3000)}'.contains('${'a'.repeat(300)}b')))`],
  ])('end at the limit of cost: %s', (_, source) => {
    const compiled = compileExpression(source, { variables: ['object'] });
    const { value, cost } = compiled.measure({ object: list });
    expect(value instanceof CelError ? value.$message : value).toMatch(/cost/);
    expect(cost).toBeLessThan(2 * DEFAULT_COST_LIMIT);
  });

  it('are not absorbed when they cost too much', () => {
    const value = evaluate('object.all(a, object.all(b, object.all(c, true))) || true', { object: list });
    expect(value).toBeInstanceOf(CelError);
  });

  it.each([
    ['(a+)+$', `${'a'.repeat(5000)}!`],
    ['(a|a)*b', 'a'.repeat(5000)],
    ['(.*)*(.*)*(.*)*x$', 'a'.repeat(5000)],
    ['([a-z]+)*[0-9]{50,100}$', 'abc'.repeat(2000)],
    ['(?i)(a+)+$', `${'a'.repeat(5000)}!`],
    ['(\\pL+)+$', `${'a'.repeat(2000)}!`],
    ['[ab]*a[ab]{20}c', 'ab'.repeat(2000)],
  ])('match patterns in linear time: %s', (pattern, text) => {
    const compiled = compileExpression(`object.matches(r'${pattern}')`, { variables: ['object'] });
    expect(compiled.evaluate({ object: text })).toBe(false);
  });

  it('compare values of any depth without falling over', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(evaluate('object == object', { object: deep })).toBeInstanceOf(CelError);
  });

  it('compile only so many patterns that come from the object', () => {
    const patterns = Array.from({ length: 20_000 }, (_, index) => `(?i)(x{30}|y{30}){20}${index}`);
    const compiled = compileExpression("object.exists(p, 'x'.matches(p))", { variables: ['object'] });
    expect(compiled.evaluate({ object: patterns })).toBeInstanceOf(CelError);
  });

  it('refuse repetitions that would need too much room', () => {
    refused("'a'.matches('((((){1000}){1000}){1000})')");
    refused("'a'.matches('((a{1000}){1000}){1000}')");
  });

  it('may nest as deep as is allowed, in every form', () => {
    for (const source of [
      Array(400).fill('1').join(' + '),
      `object${'.?a'.repeat(400)}.hasValue()`,
      `${'[1].map(x, '.repeat(150)}1${')'.repeat(150)}`,
      `${'cel.bind(x, 1, '.repeat(150)}x${')'.repeat(150)}`,
      `${'['.repeat(150)}${']'.repeat(150)}`,
    ]) {
      const compiled = compileExpression(source, { variables: ['object'] });
      expect(compiled.estimate().max).toBeGreaterThan(0);
      expect(compiled.evaluate({ object: {} })).toBeDefined();
      expect(compileExpression(source, { variables: ['object'], costLimit: 1 }).evaluate({ object: {} })).toBeDefined();
    }
  });

  it('cannot make types that double with every name', () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
    const nest = (entry: (name: string) => string): string =>
      names.reduceRight(
        (body, name, index) => `cel.bind(${name}, ${entry(names[index - 1] ?? '1')}, ${body})`,
        'n59 == n58',
      );
    refused(nest((name) => `{${name}: ${name}}`));
    expect(() => evaluate(nest((name) => `[${name}, ${name}]`))).not.toThrow(RangeError);
  });

  it('cannot reach what JavaScript adds to objects through names of libraries', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) {
      expect(evaluate(`format.named('${name}').hasValue()`)).toBe(false);
      expect(evaluate(`double('${name}')`)).toBeInstanceOf(CelError);
      expect(evaluate(`isQuantity('1${name}')`)).toBe(false);
      expect(evaluate(`{'a': 1}.?${name}.hasValue()`)).toBe(false);
      expect(evaluate(`object.?${name}.hasValue()`, { object: {} })).toBe(false);
      refused(`'a'.${name}()`);
      refused(`${name}(1)`);
    }
  });

  it('pay for calendars of time zones', () => {
    const source = "object.all(a, object.all(b, timestamp(a).getHours('Europe/Paris') >= 0))";
    const many = Array.from({ length: 2_000 }, (_, index) => index);
    const begun = performance.now();
    expect(evaluate(source, { object: many })).toBeInstanceOf(CelError);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('cannot flatten what is nested without end', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(evaluate('object.flatten(1000000)', { object: deep })).toBeInstanceOf(CelError);
    expect(evaluate("'%s'.format([object])", { object: deep })).toBeInstanceOf(CelError);
    expect(evaluate('object.indexOf(1)', { object: deep })).toBe(-1);
  });
});
