import type { PolicyVariable } from '@breakwater/model';
import type { CompiledExpression } from './cel/index.ts';
import { FACT_NAMES, type Facts } from './facts/facts.ts';
import { type Compiler, type Report, variablesIn } from './policy-expression.ts';

/** A named expression of a policy. */
export interface CompiledVariable {
  name: string;
  readonly expression: CompiledExpression;
  /** Facts that it uses, by way of other variables too. */
  facts: ReadonlySet<string>;
}

/** Everything that expressions of policies may use outside of loops. */
export const VARIABLE_NAMES: readonly string[] = [...FACT_NAMES, 'variables'];

/** Compiles the variables of a policy; each may use those before it. */
export function compileVariables(
  variables: readonly PolicyVariable[],
  compile: Compiler,
  report: Report,
): CompiledVariable[] {
  const found: CompiledVariable[] = [];
  for (const [index, { name, expression: source }] of variables.entries()) {
    const pointer = ['spec', 'variables', index, 'expression'];
    if (found.some((other) => other.name === name))
      report(['spec', 'variables', index, 'name'], `${name} is there twice`);
    const compiled = compile(pointer, source, VARIABLE_NAMES);
    if (compiled === undefined) continue;
    const { expression, names } = compiled;
    found.push({ name, expression, facts: factsBehind(source, names, found, pointer, report) });
  }
  return found;
}

/**
 * The facts that an expression uses, those of the variables in it included. A variable that there is not, or that comes
 * later, is reported.
 */
export function factsBehind(
  source: string,
  names: ReadonlySet<string>,
  variables: readonly CompiledVariable[],
  pointer: (string | number)[],
  report: Report,
): ReadonlySet<string> {
  if (!names.has('variables')) return names;
  const facts = new Set(names);
  for (const name of variablesIn(source)) {
    const variable = variables.find((other) => other.name === name);
    if (variable === undefined) report(pointer, `there is no variable ${name} before it`);
    for (const fact of variable?.facts ?? []) facts.add(fact);
  }
  return facts;
}

/** The value of `variables` for a subject: each is evaluated when it is first read, and failures are values. */
export function bindVariables(variables: readonly CompiledVariable[], facts: Facts): object {
  const values = {};
  for (const { name, expression } of variables) {
    Object.defineProperty(values, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = expression.evaluate(facts, facts.budget);
        Object.defineProperty(values, name, { value });
        return value;
      },
    });
  }
  return values;
}
