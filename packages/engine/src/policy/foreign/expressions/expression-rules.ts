import type { ForeignValidation } from '@breakwater/model/foreign';
import {
  CelError,
  CelUnknown,
  type CompiledExpression,
  type CostBudget,
  Failure,
  type Value,
} from '../../cel/index.ts';
import { fieldsNamed } from '../../facts/fault-fields.ts';
import { type FieldPath, findField } from '../../field-path.ts';
import { compilePart, type ExpressionScope, type ReportFault } from './compile-parts.ts';

/** Parts of a policy made of CEL expressions, as Kubernetes and Kyverno have them. */
export interface ExpressionSource {
  conditions: readonly { name: string; expression: string }[];
  variables: readonly { name: string; expression: string }[];
  validations: readonly ForeignValidation[];
  annotations: readonly { key: string; valueExpression: string }[];
}

/** Where the parts stand inside the document, for faults. */
export interface ExpressionPointers {
  conditions: readonly (string | number)[];
  variables: readonly (string | number)[];
  validations: readonly (string | number)[];
  annotations: readonly (string | number)[];
}

interface Validation {
  expression: CompiledExpression;
  message: string;
  messageExpression: CompiledExpression | undefined;
  /** Position among the validations as written. */
  index: number;
  /** Fields of the object that the expression names. */
  fields: readonly FieldPath[];
}

export interface ExpressionRules {
  conditions: readonly CompiledExpression[];
  variables: readonly (readonly [name: string, expression: CompiledExpression])[];
  /** Makes what `variables` is for an evaluation. */
  bindVariables(evaluation: Evaluation): object;
  validations: readonly Validation[];
  annotations: readonly (readonly [key: string, expression: CompiledExpression])[];
}

/** Units that one policy's expressions may cost together for a request, as an API server allows. */
const COST_BUDGET = 10_000_000;

/** Compiles every expression; those at fault are reported and left out. */
export function compileExpressionRules(
  source: ExpressionSource,
  scope: ExpressionScope,
  pointers: ExpressionPointers,
  report: ReportFault,
): ExpressionRules {
  const part = (text: string, at: readonly (string | number)[], ...steps: (string | number)[]) =>
    compilePart(text, scope, [...at, ...steps], report);
  const variables = source.variables.flatMap(({ name, expression }, index) => {
    const compiled = part(expression, pointers.variables, index, 'expression');
    return compiled === undefined ? [] : [[name, compiled] as const];
  });
  return {
    variables,
    bindVariables: variablesBinder(variables),
    conditions: source.conditions.flatMap(
      ({ expression }, index) => part(expression, pointers.conditions, index, 'expression') ?? [],
    ),
    validations: source.validations.flatMap((validation, index) => {
      const { message, messageExpression } = validation;
      const expression = part(validation.expression, pointers.validations, index, 'expression');
      const spoken = messageExpression
        ? part(messageExpression, pointers.validations, index, 'messageExpression')
        : undefined;
      if (expression === undefined) return [];
      const fields = fieldsNamed(validation.expression).filter(({ root }) => root === 'object');
      return [{ expression, message: message ?? '', messageExpression: spoken, index, fields }];
    }),
    annotations: source.annotations.flatMap(({ key, valueExpression }, index) => {
      const compiled = part(valueExpression, pointers.annotations, index, 'valueExpression');
      return compiled === undefined ? [] : [[key, compiled] as const];
    }),
  };
}

/** One evaluation: what expressions read, and what they may still cost. */
export interface Evaluation {
  bindings: Readonly<Record<string, unknown>>;
  budget: CostBudget;
}

/** Binds facts and the policy's variables, each of which is evaluated once, when it is first read. */
export function beginEvaluation(rules: ExpressionRules, facts: Readonly<Record<string, unknown>>): Evaluation {
  const budget = { remaining: COST_BUDGET };
  const bindings: Record<string, unknown> = { ...facts, variables: undefined };
  bindings['variables'] = rules.bindVariables({ bindings, budget });
  return { bindings, budget };
}

type Variables = ExpressionRules['variables'];

/**
 * Makes what `variables` is for an evaluation. Their getters are those of a class: an object with getters of its own would
 * live until all garbage is collected, and all that they read with it.
 */
function variablesBinder(variables: Variables): (evaluation: Evaluation) => object {
  class Bound {
    readonly $evaluation: Evaluation;
    readonly $values: (Value | undefined)[] = [];
    constructor(evaluation: Evaluation) {
      this.$evaluation = evaluation;
      for (const [index, [name]] of variables.entries()) {
        if (name in Object.prototype) Object.defineProperty(this, name, { get: () => readVariable(this, index) });
      }
    }
  }
  function readVariable(bound: Bound, index: number): Value {
    const { $values, $evaluation } = bound;
    const known = $values[index];
    if (known !== undefined) return known;
    const [name, expression] = variables[index] as Variables[number];
    $values[index] = new CelError(`the variable ${name} needs itself`);
    const value = expression.evaluate($evaluation.bindings, $evaluation.budget);
    $values[index] = value;
    return value;
  }
  for (const [index, [name]] of variables.entries()) {
    if (name in Object.prototype) continue;
    Object.defineProperty(Bound.prototype, name, {
      configurable: true,
      get(this: Bound) {
        return readVariable(this, index);
      },
    });
  }
  return (evaluation) => new Bound(evaluation);
}

/** Whether the conditions let the rules apply: a failure where one could not be decided and none is false. */
export function meetsConditions({ conditions }: ExpressionRules, { bindings, budget }: Evaluation): boolean | Failure {
  let failure: Failure | undefined;
  for (const condition of conditions) {
    const value = condition.evaluate(bindings, budget);
    if (value === false) return false;
    if (value === true) continue;
    const failed = value instanceof Failure ? value : new CelError('a match condition gives no true or false');
    if (!(failure instanceof CelUnknown)) failure = failed;
  }
  return failure ?? true;
}

/** What one validation says: kept where `value` is true. */
export interface ValidationResult {
  index: number;
  value: boolean | Failure;
  /** For what is broken. */
  message: string;
  /** For what is broken: path to the field at fault, where the expression names one that is written. */
  pointer?: readonly (string | number)[];
}

/** Evaluates every validation. */
export function runValidations({ validations }: ExpressionRules, evaluation: Evaluation): ValidationResult[] {
  const { bindings, budget } = evaluation;
  return validations.map((validation) => {
    const { expression, index } = validation;
    const value = expression.evaluate(bindings, budget);
    if (value === true) return { index, value, message: '' };
    if (value === false) {
      const pointer = findField(bindings['object'], validation.fields, () => []);
      return { index, value, message: messageOf(validation, evaluation), ...(pointer.length > 0 && { pointer }) };
    }
    const failure = value instanceof Failure ? value : new CelError('the expression gives no true or false');
    return { index, value: failure, message: '' };
  });
}

/** As Kubernetes has it: a message expression that gives no line of text falls back on the message. */
function messageOf(validation: Validation, { bindings, budget }: Evaluation): string {
  const spoken = validation.messageExpression?.evaluate(bindings, budget);
  if (typeof spoken === 'string' && spoken.trim() !== '') return spoken.trim();
  return validation.message.trim() || `failed expression: ${validation.expression.source.trim()}`;
}

/** Audit annotations that could not be made: Kubernetes counts that as it counts a validation that fails to evaluate. */
export function annotationFailures({ annotations }: ExpressionRules, { bindings, budget }: Evaluation): Failure[] {
  return annotations.flatMap(([key, expression]) => {
    const value = expression.evaluate(bindings, budget);
    if (value instanceof Failure) return [value];
    const isMade = typeof value === 'string' || value === null;
    return isMade ? [] : [new CelError(`the audit annotation ${key} is neither a text nor null`)];
  });
}
