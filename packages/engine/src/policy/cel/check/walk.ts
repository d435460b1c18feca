import type { Node } from '../ast.ts';
import type { CelType } from '../types.ts';
import type { Inference } from './unify.ts';

/** Types of the variables of the macros around. */
export type Locals = ReadonlyMap<string, CelType>;

/** What macros need of the checker that walks the tree. */
export interface CheckWalk {
  readonly inference: Inference;
  /** The type of a node, with all below it. */
  check(node: Node, locals: Locals): CelType;
  /** Refuses a node that is not of the wanted type. */
  expect(node: Node, locals: Locals, wanted: CelType): void;
  fail(message: string, node: Node): never;
  format(type: CelType): string;
}
