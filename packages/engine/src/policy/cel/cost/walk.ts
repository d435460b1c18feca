import type { Node } from '../ast.ts';
import type { Checked } from '../check/checker.ts';
import type { CelType } from '../types.ts';
import type { Range } from './range.ts';

/** Sizes of the keys (or positions) and values of a list or map that the expression itself makes. */
export interface EntrySizes {
  isList: boolean;
  key: Range;
  value: Range;
}

/** What an expression costs, and how large its value is where that is known. */
export interface Estimate {
  cost: Range;
  size?: Range | undefined;
  entries?: EntrySizes | undefined;
}

/** What is known of the sizes of the variables of the macros around. */
export type Locals = ReadonlyMap<string, Pick<Estimate, 'size' | 'entries'>>;

/** What calls and macros need of the estimator that walks the tree. */
export interface EstimateWalk {
  readonly checked: Checked;
  estimate(node: Node, locals: Locals): Estimate;
  typeOf(node: Node): CelType;
  /** The size that nothing but its type tells. */
  sizeOfType(type: CelType): Range | undefined;
}
