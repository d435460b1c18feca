import { POD_KINDS } from '../../policy/facts/kubernetes.ts';
import type { CompiledPolicy } from '../../policy/index.ts';
import { holdsFor } from '../../policy/kubernetes-version.ts';
import { type Expression, type RuleExpressions, readExpression, readRule } from '../cel/expressions.ts';
import { portabilityGaps } from '../cel/portability.ts';
import { noFields, noteFieldsOf, noteFieldsOfElements } from '../cel/used-fields.ts';
import type { Gap } from '../compile-target.ts';
import type { UsedFacts } from './fact-variables.ts';
import { type Resource, resourcesOf } from './resources.ts';

/** A policy taken apart, for one version of Kubernetes. */
export interface PolicyParts {
  rules: RuleExpressions[];
  variables: { name: string; expression: Expression }[];
  conditions: { name: string; expression: Expression }[];
  /** What it looks at. */
  resources: Resource[];
  /** Kinds with pods among them. */
  podKinds: string[];
  /** Whether all that it looks at has pods. */
  pods: 'all' | 'some' | 'none';
  used: UsedFacts;
}

/** Facts that Kubernetes has itself, by the same names. */
const NATIVE_FACTS: readonly string[] = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer'];

/** Those that are made of `object`, or written in the policy. */
const DERIVED_FACTS: readonly string[] = ['workload', 'containers', 'params', 'variables'];

const ELEMENTS: readonly string[] = ['c', 'v', 'item', 'key'];

/** Takes a policy apart, and says what in it an API server of the version would not understand. */
export function readParts(compiled: CompiledPolicy, kubernetes: number): { parts: PolicyParts; gaps: Gap[] } {
  const { policy } = compiled;
  const { spec } = policy;
  const rules = (['require', 'forbid'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((rule, index) =>
      holdsFor(rule.kubernetes, kubernetes) ? [readRule(rule, list === 'require', ['spec', list, index])] : [],
    ),
  );
  const variables = (spec.variables ?? []).map(({ name, expression }, index) => ({
    name,
    expression: readExpression(expression, ['spec', 'variables', index, 'expression']),
  }));
  const conditions = (spec.match.conditions ?? []).map(({ name, expr }, index) => ({
    name,
    expression: readExpression(expr, ['spec', 'match', 'conditions', index, 'expr']),
  }));
  const expressions = [
    ...rules.flatMap(expressionsOf),
    ...variables.map(({ expression }) => expression),
    ...conditions.map(({ expression }) => expression),
  ];
  const kinds = kindsOf(compiled);
  const { resources, gaps } = resourcesOf(kinds, spec.match);
  for (const { message } of rules) {
    if (message.checked.references.has('authorizer'))
      gaps.push({ ...unknownFact('authorizer in messages'), pointer: message.pointer });
  }
  if (rules.some(({ each }) => each === 'vulnerabilities')) gaps.push(unknownFact('vulnerabilities'));
  gaps.push(...expressions.flatMap((expression) => gapsIn(expression, kubernetes)));
  const podKinds = (kinds ?? POD_KINDS).filter((kind) => POD_KINDS.includes(kind));
  const pods = podKinds.length === 0 ? 'none' : podKinds.length === kinds?.length ? 'all' : 'some';
  const used = usedFacts(compiled, rules, expressions);
  if (used.params === undefined && expressions.some(({ checked }) => checked.references.has('params'))) {
    gaps.push(unknownFact('params'));
  }
  return { parts: { rules, variables, conditions, resources, podKinds, pods, used }, gaps };
}

const expressionsOf = ({ each, condition, message }: RuleExpressions): Expression[] => [
  ...(typeof each === 'object' ? [each] : []),
  condition,
  message,
];

/** Policies about workloads look at no kind without pods. */
function kindsOf({ about, policy }: CompiledPolicy): readonly string[] | undefined {
  const { kinds } = policy.spec.match;
  return about === 'workload' ? (kinds?.filter((kind) => POD_KINDS.includes(kind)) ?? POD_KINDS) : kinds;
}

const unknownFact = (fact: string): Gap => ({
  code: 'fact',
  message: fact === 'now' ? 'API servers have no clock (now)' : `API servers do not know ${fact}`,
});

function gapsIn(expression: Expression, kubernetes: number): Gap[] {
  const { checked, pointer } = expression;
  const facts = [...checked.references].filter(
    (name) => !NATIVE_FACTS.includes(name) && !DERIVED_FACTS.includes(name) && !ELEMENTS.includes(name),
  );
  const gaps = facts.map((fact) => ({ ...unknownFact(fact), pointer }));
  return [...gaps, ...portabilityGaps(expression, kubernetes).map((gap) => ({ ...gap, pointer }))];
}

function usedFacts(
  { params }: CompiledPolicy,
  rules: readonly RuleExpressions[],
  expressions: readonly Expression[],
): UsedFacts {
  const used: UsedFacts = {};
  const uses = (fact: string): boolean => expressions.some(({ checked }) => checked.references.has(fact));
  if (params !== undefined && uses('params')) used.params = params;
  if (uses('workload')) {
    used.workload = noFields();
    for (const { root } of expressions) noteFieldsOf(root, 'workload', used.workload);
  }
  if (uses('containers') || rules.some(({ each }) => each === 'containers')) {
    used.containers = noFields();
    for (const { root } of expressions) noteFieldsOfElements(root, 'containers', used.containers);
    for (const { each, condition, message } of rules) {
      if (each !== 'containers') continue;
      for (const { root } of [condition, message]) noteFieldsOf(root, 'c', used.containers);
    }
  }
  return used;
}
