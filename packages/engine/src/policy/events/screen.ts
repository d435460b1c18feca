import type { Node } from '../cel/ast.ts';
import { qualifiedName } from '../cel/ast.ts';
import { constantOf, type Names } from './constants.ts';
import { type Look, type RawField, rawFieldOf } from './event-fields.ts';

type Test = (look: Look) => boolean;

/** What can be told of an expression at a first look, without evaluating it. */
export interface Screen {
  /** False where the expression is false for sure; absent where that cannot be told of any event. */
  may?: Test;
  /** True where the expression is true for sure. */
  must?: Test;
  /** Fields that these look at. */
  reads?: readonly RawField[];
}

const NOTHING: Screen = {};

/**
 * Makes a first look of an expression: comparisons of single fields with constants, and what `&&`, `||`, `!` and `exists` make
 * of them. Whatever it does not know it leaves open, so that nothing is passed over that evaluating would have found.
 */
export function screenOf(node: Node, names: Names): Screen {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'boolean' ? exactly(() => node.value as boolean) : NOTHING;
    case 'call':
      return screenOfCall(node, names);
    case 'macro':
      return screenOfMacro(node, names);
    case 'identifier':
    case 'select': {
      const inside = names.nodes.get(qualifiedName(node) ?? '');
      if (inside !== undefined) return screenOf(inside, names);
      const field = rawFieldOf(node, names);
      return field === undefined ? NOTHING : comparison(field, (value) => value === 'true');
    }
    default:
      return NOTHING;
  }
}

function screenOfCall(node: Extract<Node, { kind: 'call' }>, names: Names): Screen {
  const [first, second] = node.operands;
  switch (node.name) {
    case '_&&_':
      return and(screenOf(first as Node, names), screenOf(second as Node, names));
    case '_||_':
      return not(and(not(screenOf(first as Node, names)), not(screenOf(second as Node, names))));
    case '!_':
      return not(screenOf(first as Node, names));
    case '_==_':
      return equality(first as Node, second as Node, names);
    case '_!=_':
      return not(equality(first as Node, second as Node, names));
    case '@in':
      return membership(first as Node, constantOf(second as Node, names), names);
    default:
      return textTest(node, names);
  }
}

const exactly = (test: Test): Screen => ({ may: test, must: test });

/** A field that is not known may be anything. */
function comparison(field: RawField, holds: (value: string) => boolean): Screen {
  const { read } = field;
  return {
    reads: [field],
    may: (look) => {
      const value = read(look);
      return value === undefined || holds(value);
    },
    must: (look) => {
      const value = read(look);
      return value !== undefined && holds(value);
    },
  };
}

const not = ({ may, must, reads }: Screen): Screen => ({
  ...(reads && { reads }),
  ...(must && { may: (look: Look) => !must(look) }),
  ...(may && { must: (look: Look) => !may(look) }),
});

function and(a: Screen, b: Screen): Screen {
  const [first, second] = [a.may, b.may];
  const may = first && second ? (look: Look) => first(look) && second(look) : (first ?? second);
  const [one, other] = [a.must, b.must];
  const must = one && other ? (look: Look) => one(look) && other(look) : undefined;
  return { reads: [...(a.reads ?? []), ...(b.reads ?? [])], ...(may && { may }), ...(must && { must }) };
}

function equality(left: Node, right: Node, names: Names): Screen {
  const [a, b] = [rawFieldOf(left, names), rawFieldOf(right, names)];
  const field = a ?? b;
  const value = a === undefined ? constantOf(left, names) : constantOf(right, names);
  if (field === undefined || value === undefined) return NOTHING;
  const wanted = String(value);
  return comparison(field, (found) => found === wanted);
}

function membership(item: Node, values: unknown, names: Names): Screen {
  const field = rawFieldOf(item, names);
  if (field === undefined || !Array.isArray(values)) return NOTHING;
  const wanted = new Set(values.map(String));
  return comparison(field, (found) => wanted.has(found));
}

const TESTS: Readonly<Record<string, (value: string, part: string) => boolean>> = {
  startsWith: (value, part) => value.startsWith(part),
  endsWith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
};

function textTest({ name, target, operands }: Extract<Node, { kind: 'call' }>, names: Names): Screen {
  const holds = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
  const field = target === undefined ? undefined : rawFieldOf(target, names);
  const part = operands[0] === undefined ? undefined : constantOf(operands[0], names);
  if (holds === undefined || field === undefined || typeof part !== 'string') return NOTHING;
  return comparison(field, (value) => holds(value, part));
}

/** `['a', 'b'].exists(x, ...)` is an `||` of what it says for each. */
function screenOfMacro(node: Extract<Node, { kind: 'macro' }>, names: Names): Screen {
  const { name, second, condition, target, variable } = node;
  const list = name === 'exists' && second === undefined ? constantOf(target, names) : undefined;
  if (!Array.isArray(list) || condition === undefined) return NOTHING;
  const each = list.map((element) =>
    screenOf(condition, { ...names, values: new Map(names.values).set(variable, element) }),
  );
  const [may, must] = [each.flatMap((screen) => screen.may ?? []), each.flatMap((screen) => screen.must ?? [])];
  return {
    reads: each.flatMap(({ reads = [] }) => reads),
    ...(may.length === each.length && { may: (look: Look) => may.some((test) => test(look)) }),
    must: (look: Look) => must.some((test) => test(look)),
  };
}
