import type { ForeignDocumentOf, KyvernoCelException, KyvernoValidatingPolicy } from '@breakwater/model/foreign';
import { CelUnknown, type CompiledExpression, Failure } from '../../cel/index.ts';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import type { Facts, PolicySubject } from '../../facts/facts.ts';
import { type Outcome, undecided } from '../../outcome.ts';
import { outcomesOf } from '../admission-policy/compile-admission-policy.ts';
import { matchesResources } from '../admission-policy/match-resources.ts';
import { compilePart, type ReportFault } from '../expressions/compile-parts.ts';
import {
  beginEvaluation,
  compileExpressionRules,
  type ExpressionRules,
  meetsConditions,
} from '../expressions/expression-rules.ts';
import type { ForeignContext } from '../foreign-context.ts';
import { enforcementOf, foreignPolicy, outcomeOf } from '../foreign-policy.ts';
import { type JudgedRequest, judgedRequest } from '../judged-request.ts';
import { KYVERNO_FUNCTIONS } from './libraries.ts';
import { LIBRARY_VARIABLES, libraryFacts } from './library-facts.ts';
import { POD_CONTROLLERS, shiftExpression, shiftTexts, type TemplateOf } from './shift-to-template.ts';

const POINTERS = {
  conditions: ['spec', 'matchConditions'],
  variables: ['spec', 'variables'],
  validations: ['spec', 'validations'],
  annotations: ['spec', 'auditAnnotations'],
};

const SCOPE = {
  variables: ['object', 'oldObject', 'request', 'namespaceObject', 'variables', 'authorizer', ...LIBRARY_VARIABLES],
  functions: KYVERNO_FUNCTIONS,
};

type Spec = KyvernoValidatingPolicy['spec'];

interface CompiledException {
  name: string;
  conditions: readonly CompiledExpression[];
  images: readonly string[];
  allowedValues: readonly string[];
}

function compileRules(spec: Spec, report: ReportFault): ExpressionRules {
  const source = {
    conditions: spec.matchConditions ?? [],
    variables: spec.variables ?? [],
    validations: spec.validations ?? [],
    annotations: spec.auditAnnotations ?? [],
  };
  return compileExpressionRules(source, SCOPE, POINTERS, report);
}

/**
 * Compiles Kyverno's ValidatingPolicy (or a NamespacedValidatingPolicy, which holds in its namespace alone). One that is
 * about pods is carried over to the workloads that make them, as its `autogen` says.
 */
export function compileValidatingPolicy(
  { document, kind, place }: ForeignDocumentOf<'kyverno-validating'>,
  name: string,
  exceptions: readonly KyvernoCelException[],
  context: ForeignContext,
  report: ReportFault,
): CompiledPolicy {
  const { spec, metadata } = document;
  const rules = compileRules(spec, report);
  const carried = new Map<TemplateOf, ExpressionRules>();
  /* What is carried over is compiled when the first workload comes: faults were told of what it is made from. */
  const rulesFor = (template: TemplateOf): ExpressionRules => {
    let known = carried.get(template);
    if (known === undefined) {
      known = compileRules(
        shiftTexts(spec, (text) => shiftExpression(text, template)),
        () => undefined,
      );
      carried.set(template, known);
    }
    return known;
  };
  const excepted = exceptions.map((exception) => compileException(exception, report));
  const controllers = controllersOf(spec);
  const namespace = kind === 'NamespacedValidatingPolicy' ? (metadata.namespace ?? 'default') : undefined;
  const enforcement = enforcementOf(spec.validationActions ?? ['Deny']);
  return foreignPolicy(
    { name, kind, metadata, place, enforcement },
    {
      judge: (facts, subject) => {
        const request = judgedRequest(facts, subject, context.companions);
        if (request === undefined || (namespace !== undefined && request.namespace !== namespace)) return [];
        const matched = matchesResources(spec.matchConstraints, request, 'Exact');
        if (matched === undefined) return [undecided(new CelUnknown(['namespaceObject.metadata.labels']))];
        const template = matched ? undefined : controllers.get(`${request.group}/${request.kind}`);
        if (!matched && template === undefined) return [];
        const inForce = template === undefined ? rules : rulesFor(template);
        return evaluate(inForce, spec, excepted, { facts, subject, request });
      },
    },
  );
}

/** Workloads that the policy is carried over to: none where it names more than pods, or selects some of them. */
function controllersOf({ matchConstraints, autogen }: Spec): ReadonlyMap<string, TemplateOf> {
  const rules = matchConstraints?.resourceRules ?? [];
  const selects = [matchConstraints?.namespaceSelector, matchConstraints?.objectSelector].some(
    (selector) => selector && (Object.keys(selector.matchLabels ?? {}).length > 0 || selector.matchExpressions?.length),
  );
  const onlyPods =
    rules.length > 0 &&
    rules.every(
      ({ resources, resourceNames }) => resources.length === 1 && resources[0] === 'pods' && !resourceNames?.length,
    );
  if (selects || !onlyPods) return new Map();
  const asked = autogen?.podControllers?.controllers ?? Object.keys(POD_CONTROLLERS);
  return new Map(
    asked.flatMap((resource) => {
      const controller = Object.hasOwn(POD_CONTROLLERS, resource) ? POD_CONTROLLERS[resource] : undefined;
      return controller === undefined ? [] : [[`${controller.group}/${controller.kind}`, controller.template] as const];
    }),
  );
}

function compileException({ metadata, spec }: KyvernoCelException, report: ReportFault): CompiledException {
  const conditions = (spec.matchConditions ?? []).flatMap(
    ({ expression }, index) =>
      compilePart(expression, SCOPE, ['spec', 'matchConditions', index, 'expression'], report) ?? [],
  );
  return {
    name: metadata.name,
    conditions,
    images: spec.images ?? [],
    allowedValues: spec.allowedValues ?? [],
  };
}

interface Judging {
  facts: Facts;
  subject: PolicySubject;
  request: JudgedRequest;
}

function evaluate(
  rules: ExpressionRules,
  spec: Spec,
  exceptions: readonly CompiledException[],
  { facts, subject, request }: Judging,
): Outcome[] {
  const base = {
    object: request.object,
    oldObject: request.oldObject,
    request: request.request,
    namespaceObject: request.namespaceObject,
    authorizer: facts['authorizer'],
  };
  const given = subject.facts ?? {};
  const allowing = libraryFacts(facts, given, request, { allowedImages: [], allowedValues: [] });
  const matching = exceptions.filter(({ conditions }) =>
    conditions.every((condition) => condition.evaluate({ ...base, ...allowing }) === true),
  );
  const allowed = {
    allowedImages: matching.flatMap(({ images }) => images),
    allowedValues: matching.flatMap(({ allowedValues }) => allowedValues),
  };
  const failurePolicy = spec.failurePolicy ?? 'Fail';
  const evaluation = beginEvaluation(rules, { ...base, ...allowing, exceptions: allowed });
  const met = meetsConditions(rules, evaluation);
  if (met === false) return [];
  const outcomes =
    met instanceof Failure ? [outcomeOf(met, failurePolicy)] : outcomesOf(rules, evaluation, failurePolicy);
  if (outcomes.length === 0) return [{ verdict: 'pass', message: '', missing: [] }];
  /* An exception that allows images or values leaves the judgement to the policy, which reads them. */
  const whole = matching.find(({ images, allowedValues }) => images.length + allowedValues.length === 0);
  return whole === undefined ? outcomes : outcomes.map((outcome) => ({ ...outcome, exception: whole.name }));
}
