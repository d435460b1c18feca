import { type Node, qualifiedName } from './ast.ts';
import type { FunctionDeclaration } from './functions/declaration.ts';
import { type FunctionTable, findFunctions } from './functions/index.ts';

/** Candidates for a qualified name, longest container first, as the specification resolves names. */
export function candidates(name: string, container: string): string[] {
  if (name.startsWith('.')) return [name.slice(1)];
  const names: string[] = [];
  for (let prefix = container; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
    names.push(`${prefix}.${name}`);
  }
  return [...names, name];
}

/** A call with what it may mean: the overloads of its name and style, and its operands, the target included. */
export interface Candidates {
  name: string;
  overloads: readonly FunctionDeclaration[];
  operands: readonly Node[];
}

/** Functions that a call may mean: `a.b.f()` is one in the namespace `a.b`, or the member `f` of the value `a.b`. */
export function functionsOf(
  node: Extract<Node, { kind: 'call' }>,
  container: string,
  isLocal: (name: string) => boolean,
  added?: FunctionTable,
): Candidates {
  const { target, operands } = node;
  if (target === undefined) {
    for (const name of candidates(node.name, container)) {
      const overloads = findFunctions(name, 'global', added);
      if (overloads.length > 0) return { name, overloads, operands };
    }
    return { name: node.name.replace(/^\./, ''), overloads: [], operands };
  }
  const qualified = qualifiedName(target);
  if (qualified !== undefined && !isLocal(qualified.split('.', 1)[0] ?? '')) {
    for (const name of candidates(`${qualified}.${node.name}`, container)) {
      const overloads = findFunctions(name, 'global', added);
      if (overloads.length > 0) return { name, overloads, operands };
    }
  }
  return { name: node.name, overloads: findFunctions(node.name, 'member', added), operands: [target, ...operands] };
}
