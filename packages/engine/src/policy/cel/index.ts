import { checkTypes } from './check/checker.ts';
import { compileNode } from './compile.ts';
import { Estimator, type SizeBounds } from './cost/estimate.ts';
import type { Range } from './cost/range.ts';
import { ExpressionError, placeIn } from './expression-error.ts';
import { CostExceeded, type Evaluator, type Frame } from './frame.ts';
import type { FunctionTable } from './functions/index.ts';
import { DEFAULT_COST_LIMIT } from './limits.ts';
import { parse } from './parser.ts';
import { type CelType, DYN, formatType, parseType } from './types.ts';
import { type CelError, CelTooLarge, type Value } from './values.ts';

export { type Authorization, type AuthorizationAnswer, type AuthorizationLookup, Authorizer } from './authorization.ts';
export type { SizeBounds } from './cost/estimate.ts';
export type { Range } from './cost/range.ts';
export { ExpressionError } from './expression-error.ts';
export { formatCelValue } from './value-text.ts';
export {
  CelError,
  CelMap,
  CelTooLarge,
  CelUnknown,
  Double,
  Duration,
  Failure,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './values.ts';

export interface ExpressionOptions {
  /** Names that the expression may use, any other is refused; with their types (`list(string)`), or of any type. */
  variables: readonly string[] | Readonly<Record<string, string>>;
  /** Package in which names are looked up first. */
  container?: string;
  /** Units of cost after which an evaluation ends in an error. */
  costLimit?: number;
  /** Sizes of strings, bytes, lists and maps that come from outside, for `estimate`. */
  sizes?: SizeBounds;
  /** False where operands of wrong types and unknown names are to be errors in evaluation. */
  checksTypes?: boolean;
  /** Functions beside those of the libraries, as `tabulate` gives them. */
  functions?: FunctionTable;
  /** Version of Kubernetes' library for semantic versions; 0 has no normalisation. */
  semverVersion?: 0 | 1;
}

/** What several expressions may cost together; each evaluation takes its cost from it. */
export interface CostBudget {
  remaining: number;
}

export interface CompiledExpression {
  readonly source: string;
  /** Variables that it uses, of those that it may. */
  readonly references: ReadonlySet<string>;
  /** Type of its value, as far as it is known without evaluating it: `dyn` where it is not. */
  readonly type: string;
  /**
   * The value, a `CelError` or a `CelUnknown` (with the names that had no binding): never throws.
   * Bindings are read when they are needed, so that getters make them lazy.
   */
  evaluate(bindings: Readonly<Record<string, unknown>>, budget?: CostBudget): Value;
  /** The same with the cost in Kubernetes' units. */
  measure(bindings: Readonly<Record<string, unknown>>, budget?: CostBudget): { value: Value; cost: number };
  /** What it costs at least and at most, from its text alone; 2^64 stands for no bound. */
  estimate(): Range;
}

function declarationsOf({ variables }: ExpressionOptions, source: string): Map<string, CelType> {
  if (Array.isArray(variables)) return new Map(variables.map((name: string) => [name, DYN]));
  return new Map(
    Object.entries(variables).map(([name, text]: [string, string]) => {
      const type = parseType(text);
      if (type === undefined) throw new ExpressionError(`the variable ${name} has no type ${text}`, source, 0);
      return [name, type];
    }),
  );
}

/** Compiles a CEL expression; throws `ExpressionError` with line and column where it is at fault. */
export function compileExpression(source: string, options: ExpressionOptions): CompiledExpression {
  const { costLimit = DEFAULT_COST_LIMIT, container = '', semverVersion = 1 } = options;
  const root = parse(source);
  const variables = declarationsOf(options, source);
  const checked =
    options.checksTypes === false
      ? undefined
      : checkTypes(root, {
          source,
          variables,
          container,
          functions: options.functions,
          isDeclared: ({ since = 0 }) => since <= semverVersion,
        });

  const compile = (traces: boolean): Evaluator => {
    const names = new Set(variables.keys());
    const { functions } = options;
    return compileNode(root, {
      source,
      variables: names,
      checked,
      container,
      functions,
      locals: new Map(),
      level: 0,
      traces,
    });
  };
  /* Types are checked at once; closures are made when the expression is first used. */
  let evaluator: Evaluator | undefined = checked === undefined ? compile(false) : undefined;

  const exceeded = ({ bindings, limit }: Frame): CelError => {
    const traced = start(bindings, limit);
    try {
      compile(true)(traced);
    } catch (error) {
      if (!(error instanceof CostExceeded)) throw error;
    }
    const { line, column } = placeIn(source, traced.at ?? root.start);
    const cost = Math.max(traced.cost, traced.work);
    return new CelTooLarge(
      `${line}:${column}: the cost of the expression exceeds ${limit} units (${Math.ceil(cost)} so far)`,
    );
  };

  const run = (frame: Frame): Value => {
    evaluator ??= compile(false);
    try {
      const value = evaluator(frame);
      return frame.cost > frame.limit ? exceeded(frame) : value;
    } catch (error) {
      if (error instanceof CostExceeded) return exceeded(frame);
      throw error;
    }
  };

  /* One frame serves all evaluations, but for one that begins while another of the same expression goes on. */
  const kept = start(NO_BINDINGS, costLimit);
  let isKeptInUse = false;
  const evaluate = (bindings: Readonly<Record<string, unknown>>, limit: number, budget?: CostBudget): Value => {
    if (isKeptInUse) return spend(start(bindings, limit), budget);
    isKeptInUse = true;
    kept.bindings = bindings;
    kept.cost = 0;
    kept.work = 0;
    kept.limit = limit;
    try {
      return spend(kept, budget);
    } finally {
      kept.bindings = NO_BINDINGS;
      isKeptInUse = false;
    }
  };

  const spend = (frame: Frame, budget: CostBudget | undefined): Value => {
    const value = run(frame);
    if (budget !== undefined) budget.remaining = Math.max(0, budget.remaining - frame.cost);
    return value;
  };

  return {
    source,
    references: checked?.references ?? new Set(variables.keys()),
    get type() {
      return checked === undefined ? 'dyn' : formatType(checked.typeOf(root));
    },
    evaluate: (bindings, budget) =>
      evaluate(bindings, budget === undefined ? costLimit : Math.min(costLimit, budget.remaining), budget),
    measure: (bindings, budget = { remaining: costLimit }) => {
      const frame = start(bindings, Math.min(costLimit, budget.remaining));
      return { value: spend(frame, budget), cost: frame.cost };
    },
    estimate: () => {
      const known =
        checked ??
        checkTypes(root, { source, variables, container, functions: options.functions, isDeclared: () => true });
      return new Estimator(known, options.sizes ?? {}).estimate(root, new Map()).cost;
    },
  };
}

const NO_BINDINGS = {};

const start = (bindings: Readonly<Record<string, unknown>>, limit: number): Frame => ({
  bindings,
  slots: [],
  cost: 0,
  work: 0,
  limit,
});
