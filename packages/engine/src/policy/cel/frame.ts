import type { Value } from './values.ts';

/** One evaluation: what it reads and what it has used up. */
export interface Frame {
  bindings: Readonly<Record<string, unknown>>;
  /** Variables of macros, one slot for each level of nesting. */
  readonly slots: Value[];
  /** Units as Kubernetes prices them. */
  cost: number;
  /** Work that Kubernetes does not price but that must be bounded too, in the same units. */
  work: number;
  limit: number;
  /** Where it ended for its cost, if it is traced. */
  at?: number;
}

/** A compiled expression: a closure over its operands' closures. It never throws anything but `CostExceeded`. */
export type Evaluator = (frame: Frame) => Value;

/** Ends an evaluation at once: unlike an error it must not be absorbed by `||`. */
export class CostExceeded {}

const EXCEEDED = new CostExceeded();

/** Ends the evaluation as too costly. */
export function stop(): never {
  throw EXCEEDED;
}

/** Adds to the cost and stops at the limit. Whatever grows with its input or repeats goes through here. */
export function charge(frame: Frame, units: number): void {
  frame.cost += units;
  if (frame.cost > frame.limit) throw EXCEEDED;
}

/** Adds work without a price and stops at the limit. */
export function labour(frame: Frame, units: number): void {
  frame.work += units;
  if (frame.work > frame.limit) throw EXCEEDED;
}

/** Price of going through a string or list once: a tenth of a unit an element, rounded up. */
export const traversal = (size: number): number => Math.ceil(size / 10);

/** Notes the innermost place at which an evaluation ends for its cost. */
export const trace =
  (evaluator: Evaluator, start: number): Evaluator =>
  (frame) => {
    try {
      return evaluator(frame);
    } catch (error) {
      if (error instanceof CostExceeded) frame.at ??= start;
      throw error;
    }
  };
