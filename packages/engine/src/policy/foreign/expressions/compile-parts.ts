import type { FunctionTable } from '../../cel/functions/index.ts';
import { type CompiledExpression, compileExpression, ExpressionError } from '../../cel/index.ts';

/** Takes a fault: the path to it inside the document, and what is wrong. */
export type ReportFault = (pointer: (string | number)[], message: string) => void;

/** What expressions of a language may use. */
export interface ExpressionScope {
  variables: readonly string[];
  functions?: FunctionTable;
}

/** Compiles an expression; undefined, with the fault reported, where it is none. */
export function compilePart(
  source: string,
  { variables, functions }: ExpressionScope,
  pointer: (string | number)[],
  report: ReportFault,
): CompiledExpression | undefined {
  try {
    return compileExpression(source, functions === undefined ? { variables } : { variables, functions });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    report(pointer, error.message);
    return undefined;
  }
}
