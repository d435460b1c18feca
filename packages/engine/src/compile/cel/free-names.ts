import { childrenOf, type Node } from '../../policy/cel/ast.ts';

export type Identifier = Extract<Node, { kind: 'identifier' }>;

/** A node whose parts below are seen with more names bound than it is itself. */
interface Binding {
  names: string[];
  outside: Node[];
  inside: Node[];
}

/** What a macro binds, and where; undefined for nodes that bind nothing. */
export function bindingOf(node: Node): Binding | undefined {
  switch (node.kind) {
    case 'macro': {
      const names = node.second === undefined ? [node.variable] : [node.variable, node.second];
      const inside = [node.condition, node.result].filter((child) => child !== undefined);
      return { names, outside: [node.target], inside };
    }
    case 'bind':
      return { names: [node.variable], outside: [node.value], inside: [node.body] };
    case 'opt-map':
      return { names: [node.variable], outside: [node.target], inside: [node.body] };
    default:
      return undefined;
  }
}

/** Every name that no macro around it binds, in any order. */
export function freeNames(root: Node): Identifier[] {
  const found: Identifier[] = [];
  const walk = (node: Node, bound: ReadonlySet<string>): void => {
    if (node.kind === 'identifier') {
      if (!bound.has(node.name)) found.push(node);
      return;
    }
    const binding = bindingOf(node);
    if (binding === undefined) {
      for (const child of childrenOf(node)) walk(child, bound);
      return;
    }
    for (const child of binding.outside) walk(child, bound);
    const inner = new Set([...bound, ...binding.names]);
    for (const child of binding.inside) walk(child, inner);
  };
  walk(root, new Set());
  return found;
}
