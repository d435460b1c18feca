import { type Node, qualifiedName } from '../cel/ast.ts';

/** What names stand for where an expression is looked at without an event. */
export interface Names {
  /** `params.shells`, `x` of a macro: values that are known. */
  values: ReadonlyMap<string, unknown>;
  /** `variables.path`: expressions. */
  nodes: ReadonlyMap<string, Node>;
}

/** The value of an expression that needs no event: literals, lists of them, parameters, and sums of these. */
export function constantOf(node: Node, names: Names): unknown {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'list': {
      if (node.optional !== undefined) return undefined;
      const values = node.elements.map((element) => constantOf(element, names));
      return values.includes(undefined) ? undefined : values;
    }
    case 'identifier':
    case 'select': {
      const name = qualifiedName(node);
      if (name === undefined) return undefined;
      const inside = names.nodes.get(name);
      return names.values.get(name) ?? (inside === undefined ? undefined : constantOf(inside, names));
    }
    case 'call':
      return node.name === '_+_' ? sumOf(node.operands, names) : undefined;
    default:
      return undefined;
  }
}

function sumOf(operands: readonly Node[], names: Names): unknown {
  const [a, b] = operands.map((operand) => constantOf(operand, names));
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  return typeof a === 'string' && typeof b === 'string' ? a + b : undefined;
}
