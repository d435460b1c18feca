import type { Node } from '../cel/ast.ts';
import { childrenOf, qualifiedName } from '../cel/ast.ts';
import { constantOf, type Names } from './constants.ts';
import { isAlikeOf, rawFieldOf } from './event-fields.ts';

/** Beside operators, what is decided by its operands alone. */
const TESTS: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains']);

/** Whether expressions come to the same for all events of a type that are alike, as far as that can be told. */
export function readsAlike(expressions: readonly Node[] | undefined, names: Names, type: string): boolean {
  return expressions?.every((node) => isAlike(node, names, type)) === true;
}

function isAlike(node: Node, names: Names, type: string): boolean {
  switch (node.kind) {
    case 'literal':
      return true;
    case 'identifier':
    case 'select': {
      const field = rawFieldOf(node, names);
      if (field !== undefined) return isAlikeOf(field, type);
      const inside = names.nodes.get(qualifiedName(node) ?? '');
      return inside === undefined ? constantOf(node, names) !== undefined : isAlike(inside, names, type);
    }
    case 'call':
      return (/^[^a-z]/.test(node.name) || TESTS.has(node.name)) && isEachAlike(node, names, type);
    case 'list':
      return node.optional === undefined && isEachAlike(node, names, type);
    default:
      return false;
  }
}

const isEachAlike = (node: Node, names: Names, type: string): boolean =>
  childrenOf(node).every((child) => isAlike(child, names, type));
