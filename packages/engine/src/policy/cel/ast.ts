import type { Value } from './values.ts';

interface Located {
  /** Offset in the source, for messages. */
  start: number;
  /** Height of the tree: bounded, so that no walk over it can overflow the stack. */
  depth: number;
}

/** Macros that go through a list or a map. */
export type MacroName =
  | 'all'
  | 'exists'
  | 'exists_one'
  | 'map'
  | 'filter'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry'
  | 'sortBy';

/** An entry of a map; `{?key: value}` is left out where its value is an optional without one. */
export interface EntryNode {
  key: Node;
  value: Node;
  optional?: boolean;
}

/**
 * A parsed expression. Operators are calls under the names that the specification gives them (`_+_`, `_[_]`, `@in`),
 * macros stay what they were written as.
 */
export type Node = Located &
  (
    | { kind: 'literal'; value: Value }
    | { kind: 'identifier'; name: string }
    | { kind: 'select'; operand: Node; field: string }
    | { kind: 'has'; operand: Node; field: string }
    | { kind: 'call'; name: string; target?: Node; operands: Node[] }
    | { kind: 'list'; elements: Node[]; optional?: ReadonlySet<number> }
    | { kind: 'map'; entries: EntryNode[] }
    | { kind: 'message'; name: string; fields: { name: string; value: Node }[] }
    | {
        kind: 'macro';
        name: MacroName;
        target: Node;
        variable: string;
        /** The value, where `variable` is the position or the key. */
        second?: string;
        condition?: Node;
        result?: Node;
      }
    | { kind: 'bind'; variable: string; value: Node; body: Node }
    | { kind: 'opt-map'; target: Node; variable: string; body: Node; flat: boolean }
  );

type Shape<T> = T extends Node ? Omit<T, 'depth'> : never;

/** The nodes directly below one, in the order of the source. */
export const childrenOf = (node: Shape<Node>): Node[] => {
  switch (node.kind) {
    case 'select':
    case 'has':
      return [node.operand];
    case 'call':
      return node.target === undefined ? node.operands : [node.target, ...node.operands];
    case 'list':
      return node.elements;
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'message':
      return node.fields.map((field) => field.value);
    case 'macro':
      return [node.target, node.condition, node.result].filter((child) => child !== undefined);
    case 'bind':
      return [node.value, node.body];
    case 'opt-map':
      return [node.target, node.body];
    default:
      return [];
  }
};

/** Adds its height to a node. */
export function withDepth(node: Shape<Node>): Node {
  const whole = node as Node;
  whole.depth = heightBelow(node) + 1;
  return whole;
}

/* The kinds that are nearly all of a tree without a list of what is below them. */
function heightBelow(node: Shape<Node>): number {
  switch (node.kind) {
    case 'literal':
    case 'identifier':
      return 0;
    case 'select':
    case 'has':
      return node.operand.depth;
    case 'call':
      return highest(node.operands, node.target?.depth);
    default:
      return highest(childrenOf(node));
  }
}

function highest(nodes: readonly Node[], start = 0): number {
  let depth = start;
  for (const node of nodes) if (node.depth > depth) depth = node.depth;
  return depth;
}

/** `a.b.c` as written, where the node is nothing but names. */
export function qualifiedName(node: Node): string | undefined {
  if (node.kind === 'identifier') return node.name;
  if (node.kind !== 'select') return undefined;
  const operand = qualifiedName(node.operand);
  return operand === undefined ? undefined : `${operand}.${node.field}`;
}
