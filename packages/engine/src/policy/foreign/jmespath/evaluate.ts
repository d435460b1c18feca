import { CelUnknown } from '../../cel/index.ts';
import { isRecord } from '../../loose-values.ts';
import type { Comparator, Node } from './ast.ts';
import { JmesPathError, JmesPathUnknown } from './jmespath-error.ts';
import { type Budget, bounded, sizeOf } from './sizes.ts';

/** A function: its operands are values, or the expressions that `&` makes of them. */
export type JmesPathFunction = (operands: readonly unknown[], evaluation: Evaluation) => unknown;
export type JmesPathFunctions = Readonly<Record<string, JmesPathFunction>>;

/** An expression as an operand of a function. */
export class Reference {
  readonly node: Node;
  constructor(node: Node) {
    this.node = node;
  }
}

/** Steps that queries may take together: elements gone through and nodes evaluated. */
export class StepBudget {
  #remaining: number;

  constructor(steps = 500_000) {
    this.#remaining = steps;
  }

  /** Counts work; throws where it is too much. */
  spend(steps: number): void {
    this.#remaining -= steps;
    if (this.#remaining < 0) throw new JmesPathError('it takes too many steps');
  }
}

/** One query: what it may call and how much it may still do. */
export class Evaluation {
  readonly functions: JmesPathFunctions;
  readonly #budget: StepBudget;

  constructor(functions: JmesPathFunctions, budget: StepBudget) {
    this.functions = functions;
    this.#budget = budget;
  }

  spend(steps: number): void {
    this.#budget.spend(steps);
  }

  /** The value of an expression, null where there is none. Throws `JmesPathError` and `JmesPathUnknown`. */
  evaluate(node: Node, value: unknown): unknown {
    this.spend(1);
    switch (node.kind) {
      case 'current':
        return known(value);
      case 'literal':
        return node.value;
      case 'field':
        return isRecord(value) && Object.hasOwn(value, node.name) ? known(value[node.name] ?? null) : null;
      case 'index':
        return Array.isArray(value) ? known(value.at(node.index) ?? null) : null;
      case 'chain':
      case 'pipe':
        return this.#chain(node.left, node.right, value, node.kind === 'pipe');
      case 'or': {
        const left = this.evaluate(node.left, value);
        return isTruthy(left) ? left : this.evaluate(node.right, value);
      }
      case 'and': {
        const left = this.evaluate(node.left, value);
        return isTruthy(left) ? this.evaluate(node.right, value) : left;
      }
      case 'not':
        return !isTruthy(this.evaluate(node.operand, value));
      case 'compare':
        return compare(node.operator, this.evaluate(node.left, value), this.evaluate(node.right, value), this);
      case 'list':
        return value === null ? null : node.items.map((item) => this.evaluate(item, value));
      case 'hash':
        return value === null
          ? null
          : Object.fromEntries(node.entries.map(([key, item]) => [key, this.evaluate(item, value)]));
      case 'call':
        return this.#call(node, value);
      case 'reference':
        return new Reference(node.expression);
      default:
        return this.#project(node, value);
    }
  }

  #chain(left: Node, right: Node, value: unknown, isPipe: boolean): unknown {
    const inner = this.evaluate(left, value);
    return inner === null && !isPipe && right.kind !== 'call' ? null : this.evaluate(right, inner);
  }

  #project(node: Extract<Node, { source: Node }>, value: unknown): unknown {
    const source = this.evaluate(node.source, value);
    this.spend(sizeOf(source));
    if (node.kind === 'project-values') return isRecord(source) ? this.#each(Object.values(source), node.right) : null;
    if (!Array.isArray(source)) return null;
    switch (node.kind) {
      case 'flatten':
        return source.flatMap((item) => {
          if (!Array.isArray(known(item))) return [item];
          this.spend(item.length);
          return item;
        });
      case 'slice':
        return slice(source, node.start, node.stop, node.step ?? 1);
      case 'filter':
        return this.#each(
          source.filter((item) => isTruthy(this.evaluate(node.condition, item))),
          node.right,
        );
      default:
        return this.#each(source, node.right);
    }
  }

  /** What is null is left out. */
  #each(items: readonly unknown[], right: Node): unknown[] {
    return items.map((item) => this.evaluate(right, item)).filter((item) => item !== null);
  }

  #call({ name, operands }: Extract<Node, { kind: 'call' }>, value: unknown): unknown {
    const implementation = Object.hasOwn(this.functions, name) ? this.functions[name] : undefined;
    if (implementation === undefined) throw new JmesPathUnknown([`${name}()`]);
    const values = operands.map((operand) => this.evaluate(operand, value));
    for (const operand of values) this.spend(sizeOf(operand));
    const result = implementation(values, this);
    return typeof result === 'string' ? bounded(result) : result;
  }
}

function known(value: unknown): unknown {
  if (value instanceof CelUnknown) throw new JmesPathUnknown(value.$missing);
  return value;
}

/** Everything but null, false, and what is empty. */
export function isTruthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isRecord(value) || Object.keys(value).length > 0;
}

function slice(list: readonly unknown[], start: number | undefined, stop: number | undefined, step: number): unknown[] {
  const bound = (index: number | undefined, absent: number): number => {
    if (index === undefined) return absent;
    const from = index < 0 ? index + list.length : index;
    return Math.min(Math.max(from, step > 0 ? 0 : -1), step > 0 ? list.length : list.length - 1);
  };
  const items: unknown[] = [];
  const first = bound(start, step > 0 ? 0 : list.length - 1);
  const last = bound(stop, step > 0 ? list.length : -1);
  for (let index = first; step > 0 ? index < last : index > last; index += step) items.push(list[index]);
  return items;
}

const MAX_DEPTH = 100;

/** Whether two JSON values say the same, whatever the order of their fields. */
export function isEqual(a: unknown, b: unknown, budget: Budget, depth = 0): boolean {
  budget.spend(sizeOf(a));
  if (a === b) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index], budget, depth + 1))
    );
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key], budget, depth + 1))
  );
}

/** Only numbers have an order. */
function compare(operator: Comparator, a: unknown, b: unknown, budget: Budget): boolean | null {
  if (operator === '==') return isEqual(a, b, budget);
  if (operator === '!=') return !isEqual(a, b, budget);
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}
