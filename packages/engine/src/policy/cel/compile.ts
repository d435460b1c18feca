import { compileHas, compileIn, compileIndex, compileSelect } from './access.ts';
import { compileArithmetic, compileNegate } from './arithmetic.ts';
import { type Node, qualifiedName } from './ast.ts';
import { compileCall } from './calls.ts';
import { compileEquality, compileOrder } from './comparison.ts';
import { compileCollect, compileExistsOne, compileQuantifier } from './comprehension.ts';
import { ExpressionError } from './expression-error.ts';
import type { Evaluator, Frame } from './frame.ts';
import { compileAnd, compileNot, compileOr, compileTernary } from './logic.ts';
import { addEntry } from './maps.ts';
import type { Scope } from './scope.ts';
import {
  adapt,
  CelError,
  CelMap,
  CelUnknown,
  Failure,
  mergeFailures,
  noSuchOverload,
  TypeValue,
  type Value,
} from './values.ts';

const TYPE_NAMES = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
]);

/** Turns a parsed expression into a closure; throws `ExpressionError` for names that mean nothing. */
export function compileNode(node: Node, scope: Scope): Evaluator {
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
      return compileList(node.elements, scope);
    case 'map':
      return compileMap(node.entries, scope);
    case 'message':
      throw new ExpressionError(`there is no message type ${node.name}`, scope.source, node.start);
    case 'macro':
      return compileMacro(node, scope);
  }
}

/** Candidates for a qualified name, longest container first, as the specification resolves names. */
function candidates(name: string, container: string): string[] {
  if (name.startsWith('.')) return [name.slice(1)];
  const names: string[] = [];
  for (let prefix = container; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
    names.push(`${prefix}.${name}`);
  }
  return [...names, name];
}

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
    if (scope.variables.has(candidate)) return compileVariable(candidate, scope);
    if (TYPE_NAMES.has(candidate)) {
      const type = new TypeValue(candidate);
      return () => type;
    }
  }
  if (node.kind === 'identifier') {
    throw new ExpressionError(`undeclared reference to '${node.name}'`, scope.source, node.start);
  }
  return compileSelect(compileNode(node.operand, scope), node.field);
}

/** A fact from outside: unknown under its own name while it is not there. */
function compileVariable(name: string, scope: Scope): Evaluator {
  scope.references.add(name);
  const unknown = new CelUnknown([name]);
  return (frame) => {
    frame.cost++;
    const value = frame.bindings[name];
    if (value === undefined) return unknown;
    return typeof value === 'number' ? adapt(value) : (value as Value);
  };
}

function compileOperation(node: Extract<Node, { kind: 'call' }>, scope: Scope): Evaluator {
  if (node.target !== undefined || /^[.a-zA-Z]/.test(node.name))
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

/** Price of making a list or a map. */
const LIST_PRICE = 10;
const MAP_PRICE = 30;

function compileList(nodes: Node[], scope: Scope): Evaluator {
  if (nodes.every((node) => node.kind === 'literal')) {
    const constant = nodes.map((node) => node.value);
    return (frame) => {
      frame.cost += LIST_PRICE;
      return constant;
    };
  }
  const elements = nodes.map((node) => compileNode(node, scope));
  return (frame) => {
    frame.cost += LIST_PRICE;
    const values = elements.map((element) => element(frame));
    let failure: Failure | undefined;
    for (const value of values) {
      if (value instanceof Failure) failure = failure === undefined ? value : mergeFailures(failure, value);
    }
    return failure ?? values;
  };
}

function compileMap(nodes: { key: Node; value: Node }[], scope: Scope): Evaluator {
  const entries = nodes.map(({ key, value }) => [compileNode(key, scope), compileNode(value, scope)] as const);
  const build = (frame: Frame): Value => {
    const map = new CelMap();
    let failure: Failure | undefined;
    for (const [keyOf, readValue] of entries) {
      const problem = addTo(map, keyOf(frame), readValue(frame));
      if (problem !== undefined) failure = failure === undefined ? problem : mergeFailures(failure, problem);
    }
    return failure ?? map;
  };
  const isConstant = nodes.every(({ key, value }) => key.kind === 'literal' && value.kind === 'literal');
  const constant = isConstant ? build({ bindings: {}, slots: [], cost: 0, work: 0, limit: Infinity }) : undefined;
  return (frame) => {
    frame.cost += MAP_PRICE;
    return constant ?? build(frame);
  };
}

function addTo(map: CelMap, key: Value, value: Value): Failure | undefined {
  if (key instanceof Failure || value instanceof Failure) return noSuchOverload('map', key, value);
  return addEntry(map, key, value) ? undefined : new CelError('a key of a map is repeated or of a wrong type');
}

function compileMacro(node: Extract<Node, { kind: 'macro' }>, scope: Scope): Evaluator {
  const target = compileNode(node.target, scope);
  const slot = scope.level;
  const inside: Scope = { ...scope, locals: new Map(scope.locals).set(node.variable, slot), level: slot + 1 };
  const condition = node.condition && compileNode(node.condition, inside);
  const result = node.result && compileNode(node.result, inside);
  if (node.name === 'map' || condition === undefined) return compileCollect(target, slot, condition, result);
  if (node.name === 'filter') return compileCollect(target, slot, condition);
  if (node.name === 'exists_one') return compileExistsOne(target, slot, condition);
  return compileQuantifier(target, slot, condition, node.name === 'exists');
}
