import { compileNode } from './compile.ts';
import { CostExceeded, type Frame } from './frame.ts';
import { DEFAULT_COST_LIMIT } from './limits.ts';
import { parse } from './parser.ts';
import { CelError, type Value } from './values.ts';

export { ExpressionError } from './expression-error.ts';
export {
  CelError,
  CelMap,
  CelUnknown,
  Double,
  Duration,
  Failure,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './values.ts';

export interface ExpressionOptions {
  /** Names that the expression may use; any other is refused. */
  variables: readonly string[];
  /** Package in which names are looked up first. */
  container?: string;
  /** Units of cost after which an evaluation ends in an error. */
  costLimit?: number;
}

export interface CompiledExpression {
  readonly source: string;
  /** Variables that it uses, of those that it may. */
  readonly references: ReadonlySet<string>;
  /**
   * The value, a `CelError` or a `CelUnknown` (with the names that had no binding): never throws.
   * Bindings are read when they are needed, so that getters make them lazy.
   */
  evaluate(bindings: Readonly<Record<string, unknown>>): Value;
  /** The same with the cost in Kubernetes' units. */
  measure(bindings: Readonly<Record<string, unknown>>): { value: Value; cost: number };
}

/** Compiles a CEL expression; throws `ExpressionError` with line and column where it is at fault. */
export function compileExpression(source: string, options: ExpressionOptions): CompiledExpression {
  const limit = options.costLimit ?? DEFAULT_COST_LIMIT;
  const references = new Set<string>();
  const evaluator = compileNode(parse(source), {
    source,
    variables: new Set(options.variables),
    references,
    container: options.container ?? '',
    locals: new Map(),
    level: 0,
  });

  const run = (frame: Frame): Value => {
    try {
      const value = evaluator(frame);
      return frame.cost > limit ? exceeded(limit) : value;
    } catch (error) {
      if (error instanceof CostExceeded) return exceeded(limit);
      throw error;
    }
  };

  return {
    source,
    references,
    evaluate: (bindings) => run({ bindings, slots: [], cost: 0, work: 0, limit }),
    measure(bindings) {
      const frame: Frame = { bindings, slots: [], cost: 0, work: 0, limit };
      return { value: run(frame), cost: frame.cost };
    },
  };
}

const exceeded = (limit: number): CelError => new CelError(`the cost of the expression exceeds ${limit} units`);
