import type { AdmissionBinding, AdmissionPolicy, ForeignDocumentOf } from '@breakwater/model/foreign';
import { CelUnknown, Failure } from '../../cel/index.ts';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import type { Facts } from '../../facts/facts.ts';
import { type Outcome, undecided } from '../../outcome.ts';
import type { ReportFault } from '../expressions/compile-parts.ts';
import {
  annotationFailures,
  beginEvaluation,
  compileExpressionRules,
  type ExpressionRules,
  meetsConditions,
  runValidations,
} from '../expressions/expression-rules.ts';
import type { ForeignContext } from '../foreign-context.ts';
import { enforcementOf, foreignPolicy, outcomeOf, part } from '../foreign-policy.ts';
import { admissionFacts, type JudgedRequest, judgedRequest } from '../judged-request.ts';
import { allOf } from '../three-valued.ts';
import { matchesResources } from './match-resources.ts';
import { parametersFor } from './parameters.ts';

const POINTERS = {
  conditions: ['spec', 'matchConditions'],
  variables: ['spec', 'variables'],
  validations: ['spec', 'validations'],
  annotations: ['spec', 'auditAnnotations'],
};

/** A policy with how a binding puts it in force. */
interface Bound {
  policy: AdmissionPolicy;
  rules: ExpressionRules;
  /** Undefined where no binding is at hand: then it holds everywhere that it matches. */
  binding: AdmissionBinding | undefined;
  /** Whether results have to tell which binding they come from. */
  isNamed: boolean;
}

/**
 * Compiles a ValidatingAdmissionPolicy with its bindings: each gives results of its own, with the enforcement of its
 * `validationActions`. Without a binding, which in a cluster would leave it without effect, it is judged as audit.
 */
export function compileAdmissionPolicy(
  { document: policy, kind, place }: ForeignDocumentOf<'admission-policy'>,
  name: string,
  bindings: readonly AdmissionBinding[],
  context: ForeignContext,
  report: ReportFault,
): CompiledPolicy {
  const { spec, metadata } = policy;
  const variables = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer', 'variables'];
  const rules = compileExpressionRules(
    {
      conditions: spec.matchConditions ?? [],
      variables: spec.variables ?? [],
      validations: spec.validations ?? [],
      annotations: spec.auditAnnotations ?? [],
    },
    { variables: spec.paramKind ? [...variables, 'params'] : variables },
    POINTERS,
    report,
  );
  const all = bindings.length === 0 ? [undefined] : bindings;
  const bound = all.map((binding): Bound => ({ policy, rules, binding, isNamed: bindings.length > 1 }));
  const enforcement = enforcementOf(bindings.flatMap((binding) => binding.spec.validationActions));
  return foreignPolicy(
    { name, kind, metadata, place, enforcement },
    {
      judge: (facts, subject) => {
        const request = judgedRequest(facts, subject, context.companions);
        if (request === undefined) return [];
        return bound.flatMap((one) => judgeBound(one, request, facts).map((outcome) => decorated(outcome, one)));
      },
    },
  );
}

/** With what only its binding says: results of the only binding enforce what the policy does. */
function decorated(outcome: Outcome, { binding, isNamed }: Bound): Outcome {
  if (!isNamed) return outcome;
  const enforcement = outcome.enforcement ?? enforcementOf(binding?.spec.validationActions ?? []);
  const name = binding?.metadata.name ?? '';
  const element = outcome.element === undefined ? part(name) : part(`${name}: ${outcome.element.name}`);
  return { ...outcome, enforcement, element };
}

/** Nothing where the policy or the binding has nothing to say of the request. */
function judgeBound(bound: Bound, request: JudgedRequest, facts: Facts): Outcome[] {
  const { policy, binding } = bound;
  const applies = allOf([policy.spec.matchConstraints, binding?.spec.matchResources], (match) =>
    matchesResources(match, request),
  );
  if (applies === false) return [];
  if (applies === undefined) return [undecided(new CelUnknown(['namespaceObject.metadata.labels']))];
  const parameters = parametersFor(policy.spec.paramKind, binding?.spec.paramRef, request, facts['params']);
  const failurePolicy = policy.spec.failurePolicy ?? 'Fail';
  if (parameters instanceof Failure) return [outcomeOf(parameters, failurePolicy)];
  return parameters.flatMap((params) => evaluate(bound, request, facts, params));
}

function evaluate({ policy, rules }: Bound, request: JudgedRequest, facts: Facts, params: unknown): Outcome[] {
  const failurePolicy = policy.spec.failurePolicy ?? 'Fail';
  const evaluation = beginEvaluation(rules, admissionFacts(request, facts['authorizer'], params));
  const met = meetsConditions(rules, evaluation);
  if (met === false) return [];
  if (met !== true) return [outcomeOf(met, failurePolicy)];
  const outcomes = outcomesOf(rules, evaluation, failurePolicy);
  for (const failure of annotationFailures(rules, evaluation)) {
    const outcome = outcomeOf(failure, failurePolicy);
    if (outcome.verdict === 'fail') outcomes.push(outcome);
  }
  return outcomes.length > 0 ? outcomes : [{ verdict: 'pass', message: '', missing: [] }];
}

/** Every validation that is broken or could not be decided; which of several is told by its place among them. */
export function outcomesOf(
  rules: ExpressionRules,
  evaluation: ReturnType<typeof beginEvaluation>,
  failurePolicy: 'Fail' | 'Ignore',
): Outcome[] {
  return runValidations(rules, evaluation).flatMap(({ index, value, message, pointer }) => {
    if (value === true) return [];
    const outcome: Outcome =
      value === false
        ? { verdict: 'fail', message, missing: [], ...(pointer && { pointer }) }
        : outcomeOf(value, failurePolicy);
    return rules.validations.length > 1 ? [{ ...outcome, element: part(`validations[${index}]`) }] : [outcome];
  });
}
