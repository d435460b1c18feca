import type { PolicyVariable } from '@breakwater/model';
import type { CompiledExpression, Value } from './cel/index.ts';
import { FACT_NAMES, type Facts } from './facts/facts.ts';
import { type Compiler, namesVariables, type Report, variablesIn } from './policy-expression.ts';

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
  if (!namesVariables(source)) report(pointer, 'a variable is read by its name: variables.NAME');
  const facts = new Set(names);
  for (const name of variablesIn(source)) {
    const variable = variables.find((other) => other.name === name);
    if (variable === undefined) report(pointer, `there is no variable ${name} before it`);
    for (const fact of variable?.facts ?? []) facts.add(fact);
  }
  return facts;
}

/** Names that every object answers to: those of variables must be fields of their own to be found. */
const INHERITED = new Set(
  [Object.prototype, Array.prototype, Uint8Array.prototype].flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype),
  ),
);

/** Makes what `variables` is for a subject: each is evaluated when it is first read, and failures are values. */
export function variablesBinder(variables: readonly CompiledVariable[]): (facts: Facts) => object {
  class Variables {
    readonly $facts: Facts;
    readonly $values: Value[] = [];
    constructor(facts: Facts) {
      this.$facts = facts;
      for (const [index, name] of fieldsOfOwn) Object.defineProperty(this, name, { get: () => this.$read(index) });
    }
    $read(index: number): Value {
      const { $values, $facts } = this;
      let value = $values[index];
      if (value === undefined) {
        value = (variables[index] as CompiledVariable).expression.evaluate($facts, $facts.budget);
        $values[index] = value;
      }
      return value;
    }
  }
  const fieldsOfOwn: [number, string][] = [];
  for (const [index, { name }] of variables.entries()) {
    if (INHERITED.has(name)) fieldsOfOwn.push([index, name]);
    else {
      Object.defineProperty(Variables.prototype, name, {
        get(this: Variables) {
          return this.$read(index);
        },
      });
    }
  }
  return (facts) => new Variables(facts);
}
