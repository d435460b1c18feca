import type { Node } from './ast.ts';
import { compileCollect, compileExistsOne, compileQuantifier, type Loop } from './comprehension.ts';
import { compileSortBy, compileTransformMap } from './comprehension-maps.ts';
import { LIST_PRICE } from './construction.ts';
import type { Evaluator } from './frame.ts';
import { enter, type Scope } from './scope.ts';
import { Failure, NONE, noSuchOverload, Optional, type Value } from './values.ts';

type MacroNode = Extract<Node, { kind: 'macro' | 'bind' | 'opt-map' }>;
type Compile = (node: Node, scope: Scope) => Evaluator;

/** A macro as a closure: loops run in one function instead of the comprehension they stand for. */
export function compileMacro(node: MacroNode, scope: Scope, compile: Compile): Evaluator {
  if (node.kind === 'bind') return compileBind(node, scope, compile);
  if (node.kind === 'opt-map') return compileOptionalMap(node, scope, compile);
  const inside = enter(scope, node.variable, ...(node.second === undefined ? [] : [node.second]));
  const loop: Loop = {
    target: compile(node.target, scope),
    slot: scope.level,
    second: node.second === undefined ? undefined : scope.level + 1,
  };
  const condition = node.condition && compile(node.condition, inside);
  const result = node.result && compile(node.result, inside);
  if (condition !== undefined && result === undefined) {
    if (node.name === 'all' || node.name === 'exists')
      return compileQuantifier(loop, condition, node.name === 'exists');
    if (node.name === 'exists_one') return compileExistsOne(loop, condition);
    return compileCollect(loop, condition);
  }
  if (result === undefined || node.name === 'map' || node.name === 'transformList') {
    return compileCollect(loop, condition, result);
  }
  if (node.name === 'sortBy') return compileSortBy(loop, result);
  return compileTransformMap(loop, condition, result, node.name === 'transformMapEntry');
}

/** `cel.bind(x, value, body)`: the value is evaluated once; a failure is one only where it is used. */
function compileBind(node: Extract<MacroNode, { kind: 'bind' }>, scope: Scope, compile: Compile): Evaluator {
  const value = compile(node.value, scope);
  const body = compile(node.body, enter(scope, node.variable));
  const slot = scope.level;
  return (frame) => {
    frame.cost += LIST_PRICE;
    frame.slots[slot] = value(frame);
    return body(frame);
  };
}

/** `optMap` and `optFlatMap`; the target stands twice in what they mean, so that it is paid for twice. */
function compileOptionalMap(node: Extract<MacroNode, { kind: 'opt-map' }>, scope: Scope, compile: Compile): Evaluator {
  const target = compile(node.target, scope);
  const body = compile(node.body, enter(scope, node.variable));
  const { flat } = node;
  const slot = scope.level;
  return (frame) => {
    const before = frame.cost;
    const optional = target(frame);
    if (!(optional instanceof Optional)) return noSuchOverload(flat ? 'optFlatMap' : 'optMap', optional);
    const paid = frame.cost - before;
    frame.cost += 1;
    if (optional.$value === undefined) {
      frame.cost += 1;
      return NONE;
    }
    frame.cost += paid + LIST_PRICE + 1 + (flat ? 0 : 1);
    frame.slots[slot] = optional.$value;
    const value: Value = body(frame);
    if (value instanceof Failure) return value;
    if (!flat) return new Optional(value);
    return value instanceof Optional ? value : noSuchOverload('optFlatMap', value);
  };
}
