import {
  type CompiledExpression,
  compileExpression,
  ExpressionError,
  type ExpressionOptions,
  type SizeBounds,
} from './cel/index.ts';

/** An expression of a policy, and the names in it that are no fields and no macro's own. */
export interface PolicyExpression {
  readonly expression: CompiledExpression;
  readonly names: ReadonlySet<string>;
}

/** Takes a fault: the path to it inside the policy, and what is wrong. */
export type Report = (pointer: (string | number)[], message: string) => void;

/** Compiles the expression at a path; undefined where it cannot be used, which is then reported. */
export type Compiler = (
  pointer: (string | number)[],
  source: string,
  variables: readonly string[],
) => PolicyExpression | undefined;

/** What all expressions of one policy may cost on one subject, as an API server allows per policy. */
export const POLICY_COST_LIMIT = 10_000_000;

/**
 * Sizes that an expression must be affordable for. An object of 3 MiB may hold lists of a million elements, of which no
 * loop inside a loop is affordable: there evaluation ends at its limit. Beyond these sizes even small objects would.
 */
const BOUNDS: SizeBounds = {
  dyn: { min: 0, max: 32 },
  list: { min: 0, max: 32 },
  map: { min: 0, max: 32 },
  string: { min: 0, max: 256 },
};

/** What is known of the types of names: nothing, unless somebody says more. */
export type Declare = (names: readonly string[]) => ExpressionOptions['variables'];

const ofAnyType: Declare = (names) => names;

/** Compiles at once, and refuses what cannot be afforded. */
export function compileNow(report: Report, declare = ofAnyType): Compiler {
  return (pointer, source, variables) => {
    try {
      const expression = compileExpression(source, { variables: declare(variables), sizes: BOUNDS });
      const { max } = expression.estimate();
      if (max <= POLICY_COST_LIMIT) return { expression, names: expression.references };
      report(
        pointer,
        `it may cost ${formatCost(max)} units where lists have 32 elements; ${formatCost(POLICY_COST_LIMIT)} are allowed`,
      );
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      report(pointer, error.message);
    }
    return undefined;
  };
}

const formatCost = (units: number): string => (units < 1e9 ? units.toLocaleString('en') : units.toExponential(0));

/**
 * For policies of ours, which a test holds to compile and to be affordable: they are compiled when they are first
 * evaluated, for most commands need few of them. Names are read from the text; the test holds them equal to those that
 * compiling gives.
 */
export const compileLater =
  (declare = ofAnyType): Compiler =>
  (_pointer, source, variables) => {
    let compiled: CompiledExpression | undefined;
    const whole = (): CompiledExpression => {
      compiled ??= compileExpression(source, { variables: declare(variables) });
      return compiled;
    };
    const expression: CompiledExpression = {
      source,
      get references() {
        return whole().references;
      },
      get type() {
        return whole().type;
      },
      evaluate: (bindings, budget) => whole().evaluate(bindings, budget),
      measure: (bindings, budget) => whole().measure(bindings, budget),
      estimate: () => whole().estimate(),
    };
    let names: ReadonlySet<string> | undefined;
    return {
      expression,
      get names() {
        names ??= namesIn(source, variables);
        return names;
      },
    };
  };

/** The expression without what stands in strings. */
const withoutStrings = (source: string): string => source.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");

const NAME = /(\.\s*\??\s*)?([A-Za-z_]\w*)/g;

/** Which of some names stand outside of strings and are no field of something. */
function namesIn(source: string, wanted: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, dot, name = ''] of withoutStrings(source).matchAll(NAME)) {
    if (dot === undefined && wanted.includes(name)) found.add(name);
  }
  return found;
}

/** Names of the policy's own variables that an expression uses. */
export const variablesIn = (source: string): string[] =>
  [...withoutStrings(source).matchAll(/(?<![\w.])variables\s*\.\s*\??\s*([A-Za-z_]\w*)/g)].map(
    ([, name]) => name ?? '',
  );

/** Whether everything that reads `variables` names one of them. */
export const namesVariables = (source: string): boolean =>
  !/(?<![\w.])variables(?!\s*\.\s*\??\s*[A-Za-z_]|\w)/.test(withoutStrings(source));
