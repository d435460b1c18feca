import type { Node } from './ast.ts';
import { Evaluation, type JmesPathFunctions, StepBudget } from './evaluate.ts';
import { JmesPathError } from './jmespath-error.ts';
import { parseJmesPath } from './parser.ts';

const MOST_KEPT = 1_000;
const parsed = new Map<string, Node | JmesPathError>();

/** Parsed once: the same few expressions are asked of every object. */
function nodeOf(expression: string): Node {
  let node = parsed.get(expression);
  if (node === undefined) {
    try {
      node = parseJmesPath(expression);
    } catch (error) {
      if (!(error instanceof JmesPathError)) throw error;
      node = error;
    }
    if (parsed.size >= MOST_KEPT) parsed.clear();
    parsed.set(expression, node);
  }
  if (node instanceof JmesPathError) throw node;
  return node;
}

/**
 * The value of an expression, null where it selects nothing.
 *
 * Throws `JmesPathError` for what is wrong with it or with its operands, and `JmesPathUnknown` where it needs a fact or a
 * function that is not there.
 */
export const queryJmesPath = (
  expression: string,
  value: unknown,
  functions: JmesPathFunctions,
  budget = new StepBudget(),
): unknown => new Evaluation(functions, budget).evaluate(nodeOf(expression), value);
