import type { Node } from '../ast.ts';
import { functionsOf } from '../names.ts';
import type { CelType } from '../types.ts';
import type { Operand } from './prices.ts';
import { ANY_SIZE, exactly, plus, type Range, scale, union } from './range.ts';
import type { EntrySizes, Estimate, EstimateWalk, Locals } from './walk.ts';

type Call = Extract<Node, { kind: 'call' }>;

const TRAVERSAL = 0.1;
/** Types whose values are compared in one step. */
const COMPARED_AT_ONCE = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
  'kubernetes.authorization.Authorizer',
  'kubernetes.authorization.PathCheck',
  'kubernetes.authorization.GroupCheck',
  'kubernetes.authorization.ResourceCheck',
  'kubernetes.authorization.Decision',
]);
const MAX_FORMAT_SIZE = 64;

const sizeOf = (estimate: Estimate | undefined): Range => estimate?.size ?? ANY_SIZE;
const sum = (parts: readonly Estimate[]): Range => parts.reduce((cost, part) => plus(cost, part.cost), exactly(0));

const unionOf = (a: EntrySizes | undefined, b: EntrySizes | undefined): EntrySizes | undefined =>
  a && b && { isList: a.isList, key: union(a.key, b.key), value: union(a.value, b.value) };

/** What an operator or a function costs with its operands. */
export function estimateCall(estimator: EstimateWalk, node: Call, locals: Locals): Estimate {
  const overloads = estimator.checked.calls.get(node);
  if (overloads !== undefined) return estimateFunction(estimator, node, locals);
  const parts = node.operands.map((operand) => estimator.estimate(operand, locals));
  const [a, b, c] = parts as [Estimate, Estimate, Estimate];
  const operands = sum(parts);
  switch (node.name) {
    case '_&&_':
    case '_||_':
      return { cost: { min: a.cost.min, max: operands.max } };
    case '_?_:_':
      return {
        cost: plus(a.cost, union(b.cost, c.cost)),
        size: union(sizeOf(b), sizeOf(c)),
        entries: unionOf(b.entries, c.entries),
      };
    case '_[_]':
      return { cost: plus(operands, exactly(1)), size: a.entries?.value };
    case '@in':
      return {
        cost: plus(operands, estimator.typeOf(node.operands[1] as Node).name === 'list' ? sizeOf(b) : exactly(1)),
      };
    case '_==_':
    case '_!=_':
      return { cost: plus(operands, equality(estimator, node, a, b)) };
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      return { cost: plus(operands, hasLength(estimator, node) ? comparison(a, b) : exactly(1)) };
    case '_+_':
      return addition(estimator, node, operands, a, b);
    default:
      return { cost: plus(operands, exactly(1)) };
  }
}

const hasLength = (estimator: EstimateWalk, node: Call): boolean =>
  node.operands.some((operand) => ['string', 'bytes', 'dyn'].includes(estimator.typeOf(operand).name));

/** Up to the end of the shorter. */
function comparison(a: Estimate, b: Estimate): Range {
  const most = Math.min(sizeOf(a).max, sizeOf(b).max);
  return scale({ min: most > 0 ? 1 : 0, max: most }, TRAVERSAL);
}

function equality(estimator: EstimateWalk, node: Call, a: Estimate, b: Estimate): Range {
  const [left, right] = node.operands.map((operand) => estimator.typeOf(operand).name);
  if (node.name === '_==_' && left !== undefined && left === right) {
    if (COMPARED_AT_ONCE.has(left)) return exactly(1);
    if (left === 'kubernetes.NamedFormat') return scale({ min: 1, max: MAX_FORMAT_SIZE }, TRAVERSAL);
    if (left === 'kubernetes.URL') return scale({ min: 1, max: b.size?.max ?? 1 }, TRAVERSAL);
  }
  return comparison(a, b);
}

function addition(estimator: EstimateWalk, node: Call, operands: Range, a: Estimate, b: Estimate): Estimate {
  const { name } = estimator.typeOf(node);
  if (name !== 'string' && name !== 'bytes' && name !== 'list' && name !== 'dyn') {
    return { cost: plus(operands, exactly(1)) };
  }
  const size = plus(sizeOf(a), sizeOf(b));
  const price = name === 'list' ? exactly(1) : scale(size, TRAVERSAL);
  const cost = name === 'dyn' ? union(exactly(1), price) : price;
  return { cost: plus(operands, cost), size, entries: unionOf(a.entries, b.entries) };
}

function estimateFunction(estimator: EstimateWalk, node: Call, locals: Locals): Estimate {
  const { name, operands: nodes } = functionsOf(node, '', (root) => locals.has(root));
  const overloads = estimator.checked.calls.get(node) ?? [];
  const parts = nodes.map((operand) => estimator.estimate(operand, locals));
  if (name === 'dyn' && parts[0] !== undefined) return { ...parts[0], cost: plus(parts[0].cost, exactly(1)) };
  const operands = nodes.map((operand, index): Operand => {
    const type = estimator.typeOf(operand);
    return { node: operand, type, size: sizeOf(parts[index]), elementSize: elementSizeOf(estimator, type) };
  });
  let cost: Range | undefined;
  let size: Range | undefined;
  for (const overload of overloads) {
    const estimate = overload.price.estimate(operands);
    cost = cost === undefined ? estimate.cost : union(cost, estimate.cost);
    if (estimate.size !== undefined) size = size === undefined ? estimate.size : union(size, estimate.size);
  }
  return { cost: plus(sum(parts), cost ?? exactly(1)), size };
}

/** Size of the texts in a list; what may be texts has one where one is declared. */
function elementSizeOf(estimator: EstimateWalk, type: CelType): Range | undefined {
  const element = type.name === 'list' ? type.parameters[0] : type;
  if (element?.name === 'dyn') return estimator.sizeOfType(element);
  const isText = type.name === 'list' && (element?.name === 'string' || element?.name === 'bytes');
  return isText && element !== undefined ? (estimator.sizeOfType(element) ?? ANY_SIZE) : undefined;
}
