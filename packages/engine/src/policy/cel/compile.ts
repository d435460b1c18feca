import { compileHas, compileIn, compileIndex, compileSelect } from './access.ts';
import { compileArithmetic, compileNegate } from './arithmetic.ts';
import { type Node, qualifiedName } from './ast.ts';
import { compileCall } from './calls.ts';
import { compileEquality, compileOrder } from './comparison.ts';
import { compileList, compileMap } from './construction.ts';
import { type Evaluator, trace } from './frame.ts';
import { compileAnd, compileNot, compileOr, compileTernary } from './logic.ts';
import { compileMacro } from './macro-evaluators.ts';
import { candidates } from './names.ts';
import { compileOptionalIndex, compileOptionalSelect } from './optional-access.ts';
import { readerOf } from './readers.ts';
import type { Scope } from './scope.ts';
import { NAMED_TYPES } from './types.ts';
import { adapt, CelError, CelUnknown, TypeValue, type Value } from './values.ts';

/** Turns a checked expression into a closure. Unchecked, names that mean nothing are errors in evaluation. */
export function compileNode(node: Node, scope: Scope): Evaluator {
  const evaluator = build(node, scope);
  return scope.traces ? trace(evaluator, node.start) : evaluator;
}

function build(node: Node, scope: Scope): Evaluator {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'identifier':
    case 'select':
      return compileName(node, scope);
    case 'has':
      return compileHas(compileNode(node.operand, scope), node.field);
    case 'call':
      return compileOperation(node, scope);
    case 'list':
      return compileList(node.elements, node.optional, (element) => compileNode(element, scope));
    case 'map':
      return compileMap(node.entries, (element) => compileNode(element, scope));
    case 'message':
      return unknownName(node.name);
    default:
      return compileMacro(node, scope, compileNode);
  }
}

const unknownName = (name: string): Evaluator => {
  const error = new CelError(`undeclared reference to '${name}'`);
  return () => error;
};

function compileName(node: Extract<Node, { kind: 'identifier' | 'select' }>, scope: Scope): Evaluator {
  const name = qualifiedName(node);
  const root = name?.split('.', 1)[0] ?? '';
  const slot = scope.locals.get(root);
  if (slot !== undefined) {
    if (node.kind === 'select') return compileSelect(compileNode(node.operand, scope), node.field);
    return (frame) => {
      frame.cost++;
      return frame.slots[slot] as Value;
    };
  }
  for (const candidate of name === undefined ? [] : candidates(name, scope.container)) {
    if (scope.variables.has(candidate)) return compileVariable(candidate);
    if (NAMED_TYPES.has(candidate)) {
      const type = new TypeValue(candidate);
      return () => type;
    }
  }
  if (node.kind === 'identifier') return unknownName(node.name);
  return compileSelect(compileNode(node.operand, scope), node.field);
}

/** A fact from outside: unknown under its own name while it is not there. */
function compileVariable(name: string): Evaluator {
  const unknown = new CelUnknown([name]);
  const read = readerOf(name);
  return (frame) => {
    frame.cost++;
    const value = read(frame.bindings);
    if (value === undefined) return unknown;
    return typeof value === 'number' ? adapt(value) : (value as Value);
  };
}

/** `@in` is an operator, `math.@max` a function. */
const isNamed = (name: string): boolean => /^[\w.@]+$/.test(name) && name !== '@in';

function compileOperation(node: Extract<Node, { kind: 'call' }>, scope: Scope): Evaluator {
  if (node.target !== undefined || isNamed(node.name))
    return compileCall(node, scope, (operand) => compileNode(operand, scope));
  const [first, second, third] = node.operands.map((operand) => compileNode(operand, scope)) as [
    Evaluator,
    Evaluator,
    Evaluator,
  ];
  switch (node.name) {
    case '_&&_':
      return compileAnd(first, second);
    case '_||_':
      return compileOr(first, second);
    case '_?_:_':
      return compileTernary(first, second, third);
    case '!_':
      return compileNot(first);
    case '-_':
      return compileNegate(first);
    case '_[_]':
      return compileIndex(first, second);
    case '_?._':
      return compileOptionalSelect(first, second);
    case '_[?_]':
      return compileOptionalIndex(first, second);
    case '@in':
      return compileIn(first, second);
    case '_==_':
      return compileEquality(first, second, true);
    case '_!=_':
      return compileEquality(first, second, false);
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      return compileOrder(node.name.slice(1, -1) as '<', first, second);
    default:
      return compileArithmetic(node.name.slice(1, -1) as '+', first, second);
  }
}
