import type { LabelSelector, PolicyMatch } from '@breakwater/model';
import { CelUnknown, type CompiledExpression, type Failure, type Value } from './cel/index.ts';
import type { Facts } from './facts/facts.ts';
import type { Compiler } from './policy-expression.ts';
import type { SubjectTraits } from './traits.ts';
import { VARIABLE_NAMES } from './variables.ts';

/** A condition of `match`. */
export interface CompiledCondition {
  name: string;
  expression: CompiledExpression;
  facts: ReadonlySet<string>;
}

/* Variables are those of rules: they may need what only holds where the conditions do. */
const CONDITION_NAMES = VARIABLE_NAMES.filter((name) => name !== 'variables');

/** Compiles the conditions of a policy. */
export function compileConditions(
  conditions: NonNullable<PolicyMatch['conditions']>,
  compile: Compiler,
): CompiledCondition[] {
  return conditions.flatMap(({ name, expr }, index) => {
    const compiled = compile(['spec', 'match', 'conditions', index, 'expr'], expr, CONDITION_NAMES);
    return compiled === undefined ? [] : [{ name, expression: compiled.expression, facts: compiled.names }];
  });
}

/** True where all hold; false as soon as one does not, whatever is unknown of others; else why it cannot be told. */
export function holdConditions(conditions: readonly CompiledCondition[], facts: Facts): boolean | Value {
  let undecided: Value | undefined;
  for (const { expression } of conditions) {
    const value = expression.evaluate(facts, facts.budget);
    if (value === false) return false;
    if (value !== true) undecided ??= value;
  }
  return undecided ?? true;
}

/** The label that every namespace has, with its own name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

type Labels = Readonly<Record<string, unknown>>;

const labelsOf = (object: unknown): Labels | undefined => {
  if (typeof object !== 'object' || object === null) return undefined;
  const { metadata } = object as { metadata?: { labels?: Labels } };
  return metadata?.labels ?? {};
};

/**
 * Whether the namespace that a subject is in has the labels wanted. A namespace itself is held against its own, and what
 * is in none matches. Unknown where they are not known and decide.
 */
export function inNamespaceWith(
  selector: LabelSelector,
  { kind, namespace }: SubjectTraits,
  facts: Facts,
): boolean | Failure {
  if (kind !== 'Namespace' && namespace === '') return true;
  const labels = kind === 'Namespace' ? (labelsOf(facts.object) ?? {}) : labelsOf(facts['namespaceObject']);
  const name = kind === 'Namespace' ? undefined : namespace;
  let undecided = false;
  for (const { key, operator, values = [] } of requirementsOf(selector)) {
    const known = key === NAME_LABEL && name !== undefined ? { [key]: name } : labels;
    if (known === undefined) undecided = true;
    else if (!holds(known, key, operator, values)) return false;
  }
  return undecided ? new CelUnknown(['namespaceObject']) : true;
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

const requirementsOf = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Requirement[] => [
  ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
  ...matchExpressions,
];

/** As Kubernetes has them: `NotIn` holds for what has no such label. */
function holds(labels: Labels, key: string, operator: Requirement['operator'], values: readonly string[]): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return values.includes(value as string);
    case 'NotIn':
      return !values.includes(value as string);
  }
}
