import type { Node } from './ast.ts';
import { type Checked, checkTypes, type Declarations } from './check/checker.ts';
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
export { type CelType, listOf } from './types.ts';
export { formatCelValue } from './value-text.ts';
export {
  CelError,
  CelMap,
  CelTooLarge,
  CelUnknown,
  Double,
  Duration,
  Failure,
  LateMap,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './values.ts';

export interface ExpressionOptions {
  /** Names that the expression may use, any other is refused; with their types (`list(string)`), or of any type. */
  variables: readonly string[] | Readonly<Record<string, string | CelType>>;
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
    Object.entries(variables).map(([name, text]: [string, string | CelType]) => {
      const type = typeof text === 'string' ? parseType(text) : text;
      if (type === undefined) throw new ExpressionError(`the variable ${name} has no type ${String(text)}`, source, 0);
      return [name, type];
    }),
  );
}

/** Compiles a CEL expression; throws `ExpressionError` with line and column where it is at fault. */
export function compileExpression(source: string, options: ExpressionOptions): CompiledExpression {
  return new Expression(source, options);
}

/* A class: an object with getters of its own would keep its tree alive until all garbage is collected. */
class Expression implements CompiledExpression {
  readonly source: string;
  readonly references: ReadonlySet<string>;
  readonly #options: ExpressionOptions;
  readonly #costLimit: number;
  readonly #root: Node;
  readonly #declarations: Declarations;
  readonly #checked: Checked | undefined;
  /** Types are checked at once; closures are made when the expression is first used. */
  #evaluator: Evaluator | undefined;
  /** One frame serves all evaluations, but for one that begins while another of the same expression goes on. */
  readonly #kept: Frame;
  #isKeptInUse = false;

  constructor(source: string, options: ExpressionOptions) {
    const { costLimit = DEFAULT_COST_LIMIT, container = '', semverVersion = 1, functions } = options;
    this.source = source;
    this.#options = options;
    this.#costLimit = costLimit;
    this.#root = parse(source);
    const variables = declarationsOf(options, source);
    const isDeclared = ({ since = 0 }: { since?: number }): boolean => since <= semverVersion;
    this.#declarations = { source, variables, container, functions, isDeclared };
    const checksTypes = options.checksTypes !== false;
    this.#checked = checksTypes ? checkTypes(this.#root, this.#declarations) : undefined;
    this.references = this.#checked?.references ?? new Set(variables.keys());
    this.#evaluator = checksTypes ? undefined : this.#compile(false);
    this.#kept = start(NO_BINDINGS, costLimit);
  }

  get type(): string {
    return this.#checked === undefined ? 'dyn' : formatType(this.#checked.typeOf(this.#root));
  }

  evaluate(bindings: Bindings, budget?: CostBudget): Value {
    const limit = budget === undefined ? this.#costLimit : Math.min(this.#costLimit, budget.remaining);
    if (this.#isKeptInUse) return this.#spend(start(bindings, limit), budget);
    const kept = this.#kept;
    this.#isKeptInUse = true;
    kept.bindings = bindings;
    kept.cost = 0;
    kept.work = 0;
    kept.limit = limit;
    try {
      return this.#spend(kept, budget);
    } finally {
      kept.bindings = NO_BINDINGS;
      this.#isKeptInUse = false;
    }
  }

  measure(bindings: Bindings, budget: CostBudget = { remaining: this.#costLimit }): { value: Value; cost: number } {
    const frame = start(bindings, Math.min(this.#costLimit, budget.remaining));
    return { value: this.#spend(frame, budget), cost: frame.cost };
  }

  estimate(): Range {
    const known = this.#checked ?? checkTypes(this.#root, { ...this.#declarations, isDeclared: () => true });
    return new Estimator(known, this.#options.sizes ?? {}).estimate(this.#root, new Map()).cost;
  }

  #compile(traces: boolean): Evaluator {
    const { source, variables, container, functions } = this.#declarations;
    const names = new Set(variables.keys());
    const checked = this.#checked;
    const scope = { source, variables: names, checked, container, functions, locals: new Map(), level: 0, traces };
    return compileNode(this.#root, scope);
  }

  #spend(frame: Frame, budget: CostBudget | undefined): Value {
    const value = this.#run(frame);
    if (budget !== undefined) budget.remaining = Math.max(0, budget.remaining - frame.cost);
    return value;
  }

  #run(frame: Frame): Value {
    this.#evaluator ??= this.#compile(false);
    try {
      const value = this.#evaluator(frame);
      return frame.cost > frame.limit ? this.#exceeded(frame) : value;
    } catch (error) {
      if (error instanceof CostExceeded) return this.#exceeded(frame);
      throw error;
    }
  }

  /** The error with the place at which it became too costly: evaluates once more to find that. */
  #exceeded({ bindings, limit }: Frame): CelError {
    const traced = start(bindings, limit);
    try {
      this.#compile(true)(traced);
    } catch (error) {
      if (!(error instanceof CostExceeded)) throw error;
    }
    const { line, column } = placeIn(this.source, traced.at ?? this.#root.start);
    const cost = Math.max(traced.cost, traced.work);
    return new CelTooLarge(
      `${line}:${column}: the cost of the expression exceeds ${limit} units (${Math.ceil(cost)} so far)`,
    );
  }
}

type Bindings = Readonly<Record<string, unknown>>;

const NO_BINDINGS: Bindings = {};

const start = (bindings: Bindings, limit: number): Frame => ({ bindings, slots: [], cost: 0, work: 0, limit });
