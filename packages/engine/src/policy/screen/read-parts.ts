import { childrenOf, type Node, qualifiedName } from '../cel/ast.ts';
import { parse } from '../cel/parser.ts';
import { CONTAINER_FIELDS, WORKLOAD_FIELDS } from '../facts/kubernetes.ts';
import { VARIABLE_NAMES } from '../variables.ts';

/** A field right below something that was written: the container itself, its pod's spec, what holds that, the object. The role is whole. */
export interface Part {
  root: 'container' | 'role' | 'pod' | 'template' | 'object';
  field: string;
}

/** What an expression reads, as far as its text tells. */
export interface Reads {
  /** By a name of their own. */
  parts: ReadonlyMap<string, Part>;
  /** Whether it reads the parameters of its policy. */
  params: boolean;
}

/** What the steps behind a name read; undefined where that is more than parts. */
type Reader = (steps: readonly string[], found: Found) => boolean;
type Found = { parts: Map<string, Part>; params: boolean };
type Readers = Readonly<Record<string, Reader>>;

/**
 * The parts that a rule's expression depends on, and nothing else: equal parts give equal values. Undefined where it may
 * depend on more.
 */
export function readParts(source: string): Reads | undefined {
  const found: Found = { parts: new Map(), params: false };
  return addReads(parse(source), READERS, new Set(), found) ? found : undefined;
}

const partOf =
  (root: Part['root']): Reader =>
  ([field], { parts }) => {
    if (field === undefined) return false;
    parts.set(`${root}.${field}`, { root, field });
    return true;
  };

/** Which of the pod's lists the container stands in: no field that a container has itself. */
const ROLE: Reader = (_steps, { parts }) => {
  parts.set('role', { root: 'role', field: 'role' });
  return true;
};

const OF_FIELDS: Readers = {
  c: partOf('container'),
  pod: partOf('pod'),
  template: partOf('template'),
  object: partOf('object'),
  role: ROLE,
};

/** A field of ours reads what its own expression reads; `whole` is the one that stands for what was written. */
const throughFields =
  (fields: Readonly<Record<string, string>>, whole: string, written: Reader): Reader =>
  ([field, ...rest], found) => {
    if (field === whole) return written(rest, found);
    if (field === undefined || !Object.hasOwn(fields, field)) return false;
    return addReads(parse(fields[field] as string), OF_FIELDS, new Set(), found);
  };

const READERS: Readers = {
  c: throughFields(CONTAINER_FIELDS, 'spec', partOf('container')),
  workload: throughFields(WORKLOAD_FIELDS, 'pod', partOf('pod')),
  params: (_steps, found) => {
    found.params = true;
    return true;
  },
};

const VARIABLES: ReadonlySet<string> = new Set([...VARIABLE_NAMES, 'c', 'v', 'item', 'key', 'pod', 'template', 'role']);

function addReads(node: Node, readers: Readers, locals: ReadonlySet<string>, found: Found): boolean {
  const path = pathOf(node);
  if (path !== undefined) {
    const [root = '', ...steps] = path;
    if (locals.has(root)) return true;
    if (Object.hasOwn(readers, root)) return readers[root]!(steps, found);
    return !VARIABLES.has(root.replace(/^\./, ''));
  }
  const inside = namesIn(node);
  if (inside === undefined) return childrenOf(node).every((child) => addReads(child, readers, locals, found));
  const [outer, inner, names] = inside;
  const within = new Set([...locals, ...names]);
  return addReads(outer, readers, locals, found) && inner.every((child) => addReads(child, readers, within, found));
}

/** The names of a path such as `c.spec.image`, `has(c.spec.image)` or `c.spec.?image`. */
function pathOf(node: Node): string[] | undefined {
  if (node.kind === 'has') return extended(node.operand, node.field);
  if (node.kind === 'call' && node.name === '_?._' && node.target === undefined) {
    const [operand, field] = node.operands;
    const isNamed = field?.kind === 'literal' && typeof field.value === 'string';
    return operand !== undefined && isNamed ? extended(operand, field.value as string) : undefined;
  }
  if (node.kind === 'select' && qualifiedName(node) === undefined) return extended(node.operand, node.field);
  return qualifiedName(node)?.split(/(?!^)\./);
}

function extended(operand: Node, field: string): string[] | undefined {
  const path = pathOf(operand);
  return path && [...path, field];
}

/** What is evaluated outside, and inside with which names, of a node that brings names of its own. */
function namesIn(node: Node): [outer: Node, inner: Node[], names: string[]] | undefined {
  switch (node.kind) {
    case 'macro': {
      const inner = [node.condition, node.result].filter((child) => child !== undefined);
      return [node.target, inner, node.second === undefined ? [node.variable] : [node.variable, node.second]];
    }
    case 'bind':
      return [node.value, [node.body], [node.variable]];
    case 'opt-map':
      return [node.target, [node.body], [node.variable]];
    default:
      return undefined;
  }
}
