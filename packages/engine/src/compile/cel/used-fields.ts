import { childrenOf, type Node } from '../../policy/cel/ast.ts';
import { bindingOf } from './free-names.ts';

/** Fields of a fact that an expression reads: their names, or `all` where it takes the fact as a whole. */
export interface UsedFields {
  readonly names: Set<string>;
  all: boolean;
}

export const noFields = (): UsedFields => ({ names: new Set(), all: false });

/** Notes which fields of one map, known under a free name, the expression reads. */
export function noteFieldsOf(root: Node, name: string, used: UsedFields): void {
  walk(root, { list: undefined, elements: new Set([name]) }, used);
}

/** Notes which fields of the elements of a list, known under a free name, the expression reads. */
export function noteFieldsOfElements(root: Node, list: string, used: UsedFields): void {
  walk(root, { list, elements: new Set() }, used);
}

interface Names {
  list: string | undefined;
  elements: ReadonlySet<string>;
}

function walk(node: Node, names: Names, used: UsedFields): void {
  if (node.kind === 'identifier') {
    if (names.elements.has(node.name) || node.name === names.list) used.all = true;
    return;
  }
  if ((node.kind === 'select' || node.kind === 'has') && node.operand.kind === 'identifier') {
    if (names.elements.has(node.operand.name)) {
      used.names.add(node.field);
      return;
    }
  }
  const binding = bindingOf(node);
  if (binding === undefined) {
    for (const child of childrenOf(node)) walk(child, names, used);
    return;
  }
  const goesThrough = node.kind === 'macro' && isList(node.target, names);
  for (const child of binding.outside) if (!(goesThrough && child.kind === 'identifier')) walk(child, names, used);
  const inner = within(names, binding.names, goesThrough ? binding.names.at(-1) : undefined);
  for (const child of binding.inside) walk(child, inner, used);
}

/** The list itself, or a part of it. */
function isList(node: Node, names: Names): boolean {
  if (node.kind === 'identifier') return node.name === names.list;
  return node.kind === 'macro' && node.name === 'filter' && isList(node.target, names);
}

/** Names as they are inside a macro: what it binds hides what was there, and one of them may be an element. */
function within({ list, elements }: Names, bound: readonly string[], element: string | undefined): Names {
  const inner = new Set([...elements].filter((name) => !bound.includes(name)));
  if (element !== undefined) inner.add(element);
  return { list: list !== undefined && bound.includes(list) ? undefined : list, elements: inner };
}
