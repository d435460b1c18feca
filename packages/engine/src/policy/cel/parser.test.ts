import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { parse } from './parser.ts';
import type { Value } from './values.ts';

const BINARY = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||'];

/** Writes an expression in full brackets, so that reading it again tells whether the parser understood. */
function print(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : String(node.value);
    case 'identifier':
      return node.name;
    case 'select':
      return `(${print(node.operand)}).${node.field}`;
    case 'has':
      return `has((${print(node.operand)}).${node.field})`;
    case 'list':
      return `[${node.elements.map((item, index) => (node.optional?.has(index) ? '?' : '') + print(item)).join(', ')}]`;
    case 'map':
      return `{${node.entries.map((entry) => `${entry.optional ? '?' : ''}${print(entry.key)}: ${print(entry.value)}`).join(', ')}}`;
    case 'macro': {
      const { second, condition, result } = node;
      const parts = [
        node.variable,
        ...(second ? [second] : []),
        ...[condition, result].flatMap((part) => (part ? [print(part)] : [])),
      ];
      return `(${print(node.target)}).${node.name}(${parts.join(', ')})`;
    }
    case 'bind':
      return `cel.bind(${node.variable}, ${print(node.value)}, ${print(node.body)})`;
    case 'opt-map':
      return `(${print(node.target)}).${node.flat ? 'optFlatMap' : 'optMap'}(${node.variable}, ${print(node.body)})`;
    case 'message':
      return `${node.name}{}`;
    case 'call':
      return printCall(node);
  }
}

function printCall({ name, target, operands }: Extract<Node, { kind: 'call' }>): string {
  const [a, b, c] = operands.map(print);
  if (target !== undefined) return `(${print(target)}).${name}(${operands.map(print).join(', ')})`;
  if (name === '_?_:_') return `((${a}) ? (${b}) : (${c}))`;
  if (name === '_[_]') return `(${a})[${b}]`;
  if (name === '_[?_]') return `(${a})[?${b}]`;
  if (name === '@in') return `((${a}) in (${b}))`;
  if (name === '!_') return `!(${a})`;
  if (/^_.*_$/.test(name)) return `((${a}) ${name.slice(1, -1)} (${b}))`;
  return `${name}(${operands.map(print).join(', ')})`;
}

/** The tree without offsets. */
const bare = (node: Node): string =>
  JSON.stringify(node, (key, value) => {
    if (key === 'start' || key === 'depth') return undefined;
    return value instanceof Set ? [...value] : typeof value === 'bigint' ? String(value) : value;
  });

const literal = (value: Value): Node => ({ kind: 'literal', value, start: 0, depth: 1 });
const name = fc.constantFrom('a', 'b', 'object', 'x1', '_y');

const expressions = fc.letrec<{ node: Node }>((tie) => {
  const node = tie('node');
  const at = { start: 0, depth: 1 };
  return {
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.nat(), fc.string(), fc.boolean(), fc.constant(null)).map(literal),
      name.map((text): Node => ({ kind: 'identifier', name: text, ...at })),
      fc.tuple(node, name).map(([operand, field]): Node => ({ kind: 'select', operand, field, ...at })),
      fc.tuple(node, name).map(([operand, field]): Node => ({ kind: 'has', operand, field, ...at })),
      fc
        .tuple(fc.constantFrom(...BINARY), node, node)
        .map(([operator, a, b]): Node => ({ kind: 'call', name: `_${operator}_`, operands: [a, b], ...at })),
      fc
        .tuple(fc.constantFrom('_[_]', '_[?_]', '@in'), node, node)
        .map(([operator, a, b]): Node => ({ kind: 'call', name: operator, operands: [a, b], ...at })),
      node.map((a): Node => ({ kind: 'call', name: '!_', operands: [a], ...at })),
      fc.tuple(node, node, node).map((operands): Node => ({ kind: 'call', name: '_?_:_', operands, ...at })),
      fc
        .tuple(node, fc.array(node, { maxLength: 3 }))
        .map(([target, operands]): Node => ({ kind: 'call', name: 'f', target, operands, ...at })),
      fc.array(node, { maxLength: 3 }).map((elements): Node => ({ kind: 'list', elements, ...at })),
      node.map((element): Node => ({ kind: 'list', elements: [element], optional: new Set([0]), ...at })),
      fc
        .tuple(node, node, fc.boolean())
        .map(([key, value, optional]): Node => ({ kind: 'map', entries: [{ key, value, optional }], ...at })),
      fc.tuple(fc.constantFrom('all' as const, 'exists' as const, 'filter' as const), node, node).map(
        ([macro, target, condition]): Node => ({
          kind: 'macro',
          name: macro,
          target,
          variable: 'v',
          condition,
          ...at,
        }),
      ),
      fc.tuple(node, node).map(
        ([target, result]): Node => ({
          kind: 'macro',
          name: 'transformMap',
          target,
          variable: 'k',
          second: 'v',
          result,
          ...at,
        }),
      ),
      fc.tuple(node, node).map(([value, body]): Node => ({ kind: 'bind', variable: 'v', value, body, ...at })),
      fc
        .tuple(node, node, fc.boolean())
        .map(([target, body, flat]): Node => ({ kind: 'opt-map', target, variable: 'v', body, flat, ...at })),
    ),
  };
}).node;

describe('the parser', () => {
  it('reads what was written as what was meant', () => {
    fc.assert(
      fc.property(expressions, (node) => {
        const once = parse(print(node));
        expect(print(once)).toBe(print(node));
        expect(bare(parse(print(once)))).toBe(bare(once));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a && b && c', '((a && b) && c)'],
    ['a || b || c || d', '((a || b) || (c || d))'],
    ['1 + 2 * 3 - 4', '((1 + (2 * 3)) - 4)'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['!a.b[0].c', '!(((((a).b)[0])).c)'],
    ['a.?b[?0].c', '((_?._(a, "b"))[?0]).c'],
  ])('binds %s as %s', (source, bracketed) => {
    expect(bare(parse(bracketed.includes('_?._') ? source : bracketed))).toBe(bare(parse(source)));
  });

  it.each([
    ['brackets', (depth: number) => '('.repeat(depth) + ')'.repeat(depth)],
    ['lists', (depth: number) => '['.repeat(depth) + ']'.repeat(depth)],
    ['calls', (depth: number) => `${'f('.repeat(depth)}1${')'.repeat(depth)}`],
    ['ternaries', (depth: number) => `${'a ? b : '.repeat(depth)}c`],
    ['selections', (depth: number) => `a${'.?b'.repeat(depth)}`],
    ['bindings', (depth: number) => `${'cel.bind(v, 1, '.repeat(depth)}v${')'.repeat(depth)}`],
  ])('refuses %s that are nested too deep, with the place', (_, source) => {
    expect(() => parse(source(20_000))).toThrow(ExpressionError);
  });
});
