import type { JsonObject } from '@breakwater/model';
import { CelError, compileExpression, type Value } from '../../policy/index.ts';

const NAMES = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer'];

interface Spec {
  matchConditions?: { name: string; expression: string }[];
  variables?: { name: string; expression: string }[];
  validations: { expression: string; message: string; messageExpression: string }[];
}

/** Group and kind, as a request names them beside its object. */
function kindOf({ apiVersion, kind }: JsonObject): JsonObject {
  const text = String(apiVersion ?? '');
  return { group: text.slice(0, Math.max(0, text.indexOf('/'))), kind: kind ?? '' };
}

/**
 * What a compiled ValidatingAdmissionPolicy says of an object by the letter of its expressions: the sentences of what
 * fails, `undecided` where an expression cannot be evaluated, nothing where it does not look at it or all is well. Of a
 * deletion the object is the old one.
 */
export function runAdmissionPolicy(policy: JsonObject, object: JsonObject, request: JsonObject): string[] {
  const { matchConditions = [], variables = [], validations } = policy['spec'] as unknown as Spec;
  const values: Record<string, unknown> = {};
  const isDeleted = request['operation'] === 'DELETE';
  const facts: Record<string, unknown> = {
    object: isDeleted ? null : object,
    oldObject: isDeleted ? object : null,
    request: { kind: kindOf(object), ...request },
    variables: values,
  };
  const evaluate = (source: string): Value =>
    compileExpression(source, { variables: [...NAMES, 'variables'] }).evaluate(facts);
  for (const { name, expression } of variables) {
    Object.defineProperty(values, name, { enumerable: true, get: () => evaluate(expression) });
  }
  const matched = matchConditions.map(({ expression }) => evaluate(expression));
  if (matched.includes(false)) return [];
  const fault = matched.find((value) => value !== true);
  if (fault !== undefined) return [undecided(fault)];
  return validations.flatMap(({ expression, message, messageExpression }) => {
    const value = evaluate(expression);
    if (value === true) return [];
    if (value !== false) return [undecided(value)];
    const text = evaluate(messageExpression);
    return [typeof text === 'string' && text !== '' ? text : message];
  });
}

const undecided = (value: Value): string => `undecided: ${value instanceof CelError ? value.$message : String(value)}`;
