import type { Node } from '../ast.ts';
import { ANY_SIZE, exactly, multiply, plus, type Range, union } from './range.ts';
import type { EntrySizes, Estimate, EstimateWalk, Locals } from './walk.ts';

type MacroNode = Extract<Node, { kind: 'macro' | 'bind' | 'opt-map' }>;
type Loop = Extract<Node, { kind: 'macro' }>;

const LIST = exactly(10);
const MAP = exactly(30);
const ONE = exactly(1);

const add = (...parts: Range[]): Range => parts.reduce(plus, exactly(0));

/** What the comprehension costs that a macro stands for. */
export function estimateMacro(estimator: EstimateWalk, node: MacroNode, locals: Locals): Estimate {
  if (node.kind === 'bind') {
    const value = estimator.estimate(node.value, locals);
    const body = estimator.estimate(node.body, new Map(locals).set(node.variable, value));
    return { ...body, cost: add(LIST, value.cost, body.cost) };
  }
  if (node.kind === 'opt-map') {
    const target = estimator.estimate(node.target, locals);
    const body = estimator.estimate(node.body, new Map(locals).set(node.variable, {}));
    const some = add(LIST, target.cost, ONE, body.cost, node.flat ? exactly(0) : ONE);
    return { cost: add(target.cost, ONE, union(some, ONE)) };
  }
  return estimateLoop(estimator, node, locals);
}

function variablesOf(estimator: EstimateWalk, node: Loop, target: Estimate, locals: Locals): Locals {
  const { entries } = target;
  const isList = entries?.isList ?? estimator.typeOf(node.target).name === 'list';
  const inside = new Map(locals);
  if (node.second === undefined) return inside.set(node.variable, { size: isList ? entries?.value : entries?.key });
  return inside.set(node.variable, { size: entries?.key }).set(node.second, { size: entries?.value });
}

function estimateLoop(estimator: EstimateWalk, node: Loop, locals: Locals): Estimate {
  const target = estimator.estimate(node.target, locals);
  const inside = variablesOf(estimator, node, target, locals);
  const condition = node.condition && estimator.estimate(node.condition, inside);
  const result = node.result && estimator.estimate(node.result, inside);
  const { before, each, after, entries } = partsOf(node, condition, result, inside);
  const count = target.size ?? ANY_SIZE;
  return { cost: add(target.cost, before, multiply(count, each), after), size: before.max > 0 ? count : ONE, entries };
}

interface Parts {
  before: Range;
  /** For one turn. */
  each: Range;
  after: Range;
  entries?: EntrySizes | undefined;
}

/** The parts of the comprehension: what it begins with, each turn, and what it ends with. */
function partsOf(node: Loop, condition: Estimate | undefined, result: Estimate | undefined, inside: Locals): Parts {
  const asked = condition?.cost ?? exactly(0);
  const made = result?.cost ?? exactly(0);
  /** Without a condition every turn does it, else it may be the accumulator alone. */
  const perhaps = (cost: Range): Range => (condition === undefined ? cost : add(asked, union(cost, ONE)));
  const list = (value: Range | undefined): EntrySizes => ({ isList: true, key: ONE, value: value ?? ANY_SIZE });
  switch (node.name) {
    case 'all':
    case 'exists': {
      const test = exactly(node.name === 'all' ? 2 : 3);
      return { before: exactly(0), each: add(test, { min: 1, max: add(ONE, asked).max }), after: ONE };
    }
    case 'exists_one':
      return { before: exactly(0), each: perhaps(exactly(2)), after: exactly(2) };
    case 'filter':
      return { before: LIST, each: perhaps(exactly(13)), after: ONE, entries: list(inside.get(node.variable)?.size) };
    case 'transformMap':
      return { before: MAP, each: perhaps(add(exactly(3), made)), after: ONE };
    case 'transformMapEntry':
      return { before: MAP, each: perhaps(add(exactly(2), made)), after: ONE };
    default:
      return { before: LIST, each: perhaps(add(exactly(12), made)), after: ONE, entries: list(result?.size) };
  }
}
