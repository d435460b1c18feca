import type { Node } from '../ast.ts';
import type { Checked } from '../check/checker.ts';
import type { CelType } from '../types.ts';
import { estimateCall } from './estimate-calls.ts';
import { estimateMacro } from './estimate-macros.ts';
import { exactly, plus, type Range, UNBOUNDED, union } from './range.ts';
import { sizeOf } from './sizes.ts';
import type { Estimate, EstimateWalk, Locals } from './walk.ts';

/** Sizes that values of a type have at most, where the expression does not say: schemas give them. */
export type SizeBounds = Readonly<Partial<Record<'string' | 'bytes' | 'list' | 'map' | 'dyn', Range>>>;

/** Walks a checked expression and adds up what its parts cost at least and at most. */
export class Estimator implements EstimateWalk {
  readonly checked: Checked;
  readonly #bounds: SizeBounds;

  constructor(checked: Checked, bounds: SizeBounds) {
    this.checked = checked;
    this.#bounds = bounds;
  }

  typeOf = (node: Node): CelType => this.checked.typeOf(node);

  sizeOfType(type: CelType): Range | undefined {
    const { name, parameters } = type;
    const bound = this.#bounds[name as 'string'];
    if (bound !== undefined) return bound;
    if (SCALARS.has(name)) return exactly(1);
    return name === 'optional_type' && parameters[0] !== undefined && SCALARS.has(parameters[0].name)
      ? exactly(1)
      : undefined;
  }

  estimate(node: Node, locals: Locals): Estimate {
    const found = this.#find(node, locals);
    return found.size === undefined ? { ...found, size: this.sizeOfType(this.typeOf(node)) ?? found.size } : found;
  }

  #find(node: Node, locals: Locals): Estimate {
    switch (node.kind) {
      case 'literal':
        return { cost: exactly(0), size: exactly(sizeOf(node.value)) };
      case 'identifier':
        return this.#identifier(node, locals);
      case 'select':
        return this.#select(node, locals);
      case 'has':
        return { cost: this.estimate(node.operand, locals).cost, size: exactly(1) };
      case 'call':
        return estimateCall(this, node, locals);
      case 'list':
        return this.#list(node.elements, locals);
      case 'map':
        return this.#map(node, locals);
      case 'message':
        return { cost: exactly(0) };
      default:
        return estimateMacro(this, node, locals);
    }
  }

  #identifier(node: Extract<Node, { kind: 'identifier' }>, locals: Locals): Estimate {
    const known = locals.get(node.name);
    const byType = this.sizeOfType(this.typeOf(node));
    return { cost: exactly(1), size: byType ?? known?.size, entries: known?.entries };
  }

  /** Fields of what is surely no map cost nothing: names of variables and types that have dots. */
  #select(node: Extract<Node, { kind: 'select' }>, locals: Locals): Estimate {
    const operand = this.estimate(node.operand, locals);
    const isMap = this.typeOf(node.operand).name === 'map';
    return { cost: isMap ? plus(operand.cost, exactly(1)) : operand.cost };
  }

  #list(elements: readonly Node[], locals: Locals): Estimate {
    let cost = exactly(10);
    let value: Range | undefined;
    for (const element of elements) {
      const part = this.estimate(element, locals);
      cost = plus(cost, part.cost);
      const size = part.size ?? { min: 0, max: UNBOUNDED };
      value = value === undefined ? size : union(value, size);
    }
    const entries = { isList: true, key: exactly(1), value: value ?? exactly(0) };
    return { cost, size: exactly(elements.length), entries };
  }

  #map({ entries }: Extract<Node, { kind: 'map' }>, locals: Locals): Estimate {
    let cost = exactly(30);
    let sizes: { key: Range; value: Range } | undefined;
    for (const entry of entries) {
      const key = this.estimate(entry.key, locals);
      const value = this.estimate(entry.value, locals);
      cost = plus(cost, plus(key.cost, value.cost));
      const found = { key: key.size ?? ANY, value: value.size ?? ANY };
      sizes = sizes && { key: union(sizes.key, found.key), value: union(sizes.value, found.value) };
      sizes ??= found;
    }
    const whole = { isList: false, ...(sizes ?? { key: exactly(0), value: exactly(0) }) };
    return { cost, size: exactly(entries.length), entries: whole };
  }
}

const ANY: Range = { min: 0, max: UNBOUNDED };
const SCALARS = new Set(['bool', 'int', 'uint', 'double', 'google.protobuf.Timestamp', 'google.protobuf.Duration']);
