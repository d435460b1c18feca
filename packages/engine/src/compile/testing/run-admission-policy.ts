import type { JsonObject } from '@breakwater/model';
import { CelError, compileExpression, type Value } from '../../policy/index.ts';

const NAMES = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer'];

interface Spec {
  matchConditions?: { name: string; expression: string }[];
  variables?: { name: string; expression: string }[];
  validations: { expression: string; message: string; messageExpression: string }[];
}

/**
 * What a compiled ValidatingAdmissionPolicy says of an object by the letter of its expressions: the sentences of what
 * fails, `undecided` where an expression cannot be evaluated, nothing where it does not look at it or all is well.
 */
export function runAdmissionPolicy(policy: JsonObject, object: JsonObject, request: JsonObject): string[] {
  const { matchConditions = [], variables = [], validations } = policy['spec'] as unknown as Spec;
  const values: Record<string, unknown> = {};
  const facts: Record<string, unknown> = { object, oldObject: null, request, variables: values };
  const evaluate = (source: string): Value =>
    compileExpression(source, { variables: [...NAMES, 'variables'] }).evaluate(facts);
  for (const { name, expression } of variables) {
    Object.defineProperty(values, name, { enumerable: true, get: () => evaluate(expression) });
  }
  if (matchConditions.some(({ expression }) => evaluate(expression) === false)) return [];
  return validations.flatMap(({ expression, message, messageExpression }) => {
    const value = evaluate(expression);
    if (value === true) return [];
    if (value !== false) return [`undecided: ${value instanceof CelError ? value.$message : String(value)}`];
    const text = evaluate(messageExpression);
    return [typeof text === 'string' && text !== '' ? text : message];
  });
}
