import { developmentOnly } from '../development-only.ts';
import { type Fields, isFields, textOf } from '../read-text.ts';

/** What a node of the graph names. */
export interface GraphPackage {
  reference: string;
  /** Whether it is needed to build only. */
  development: boolean;
}

/**
 * The packages of a lock file of Conan 1: nodes by number, each with those that it requires, and those that its build
 * requires. The project itself has a path and nobody that requires it, or no reference at all.
 */
export function readGraph(nodes: Fields): GraphPackage[] {
  const graph = new Map(Object.entries(nodes).flatMap(([id, node]) => (isFields(node) ? [[id, node] as const] : [])));
  const shipped = (id: string): string[] => idsOf(graph.get(id), 'requires');
  const built = [...graph.keys()].flatMap((id) => idsOf(graph.get(id), 'build_requires'));
  const required = new Set([...built, ...[...graph.keys()].flatMap(shipped)]);
  const roots = [...graph.keys()].filter((id) => !required.has(id));
  const development = developmentOnly(roots, built, shipped);
  return [...graph].flatMap(([id, node]) => {
    const reference = textOf(node, 'ref') || textOf(node, 'pref');
    if (reference === '' || (textOf(node, 'path') !== '' && !required.has(id))) return [];
    return [{ reference, development: development.has(id) }];
  });
}

/** Numbers of nodes: a list, or in older files an object of references. */
function idsOf(node: Fields | undefined, name: string): string[] {
  const value = node !== undefined && Object.hasOwn(node, name) ? node[name] : undefined;
  const ids = Array.isArray(value) ? value : isFields(value) ? Object.values(value) : [];
  return ids.flat().filter((id) => typeof id === 'string');
}
