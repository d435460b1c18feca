import type { Enforcement } from '@breakwater/model';
import type { ForeignDocumentOf, KyvernoException, KyvernoPolicy, KyvernoRule } from '@breakwater/model/foreign';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import type { Facts, PolicySubject } from '../../facts/facts.ts';
import type { Outcome } from '../../outcome.ts';
import { pointersInto } from '../../pointers-into.ts';
import type { ReportFault } from '../expressions/compile-parts.ts';
import type { ForeignContext } from '../foreign-context.ts';
import { foreignPolicy, part } from '../foreign-policy.ts';
import { type JudgedRequest, judgedRequest } from '../judged-request.ts';
import { selects } from '../labels.ts';
import { matchesWildcard } from '../wildcard.ts';
import { carryOver, controllersFor } from './carry-over.ts';
import { type CompiledCelRule, compileCelRule, judgeCelRule } from './cel-rule.ts';
import { JsonContext } from './json-context.ts';
import { exceptionMatches, ruleMatches } from './match-rule.ts';
import { judgePodSecurity } from './pod-security.ts';
import { attempt, missing, outcomeOfRule, type RuleResult, SKIP } from './rule-result.ts';
import { bodiesOf } from './unjudged-rules.ts';
import { meetsPreconditions, requireOneBody, validateObject } from './validate-object.ts';

/** A rule ready to judge, as it is written or carried over to the templates of workloads. */
interface CompiledKyvernoRule {
  rule: KyvernoRule;
  /** Name of the rule that it comes from. */
  written: string;
  cel: CompiledCelRule | undefined;
}

interface Judging {
  policy: KyvernoPolicy;
  request: JudgedRequest;
  facts: Facts;
  subject: PolicySubject;
  context: ForeignContext;
  exceptions: readonly KyvernoException[];
}

/**
 * Compiles Kyverno's ClusterPolicy, or a Policy, which holds in its namespace alone. Each rule that applies gives a result
 * under its own name; rules on pods are carried over to the workloads that make them. Rules that change or make objects
 * judge nothing.
 */
export function compileRulePolicy(
  { document: policy, kind, place }: ForeignDocumentOf<'kyverno-rules'>,
  name: string,
  exceptions: readonly KyvernoException[],
  context: ForeignContext,
  report: ReportFault,
): CompiledPolicy {
  const { spec, metadata } = policy;
  const controllers = controllersFor(policy);
  const rules = spec.rules.flatMap((rule, index) => {
    if (!judges(rule)) return [];
    const forms = [rule, carryOver(rule, 'workloads', controllers), carryOver(rule, 'cronJobs', controllers)];
    return forms.flatMap((form, position): CompiledKyvernoRule[] => {
      if (form === undefined) return [];
      const onFault: ReportFault = position === 0 ? report : () => undefined;
      return [{ rule: form, written: rule.name, cel: compileCelRule(form, ['spec', 'rules', index], onFault) }];
    });
  });
  const namespace = kind === 'Policy' ? (metadata.namespace ?? 'default') : undefined;
  const enforcement = strictest(spec.rules.map((rule) => enforcementOf(rule, policy, undefined)));
  return foreignPolicy(
    { name, kind, metadata, place, enforcement },
    {
      judge: (facts, subject) => {
        const request = judgedRequest(facts, subject, context.companions);
        if (request === undefined || (namespace !== undefined && request.namespace !== namespace)) return [];
        const judging: Judging = { policy, request, facts, subject, context, exceptions };
        return judgeRules(rules, judging, enforcement);
      },
    },
  );
}

/** All rules, or up to the first that applies where the policy asks for one: what is excepted or unknown did not apply. */
function judgeRules(rules: readonly CompiledKyvernoRule[], judging: Judging, usual: Enforcement): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const rule of rules) {
    const outcome = judgeRule(rule, judging, usual);
    if (outcome === undefined) continue;
    outcomes.push(outcome);
    const applied = outcome.verdict !== 'unknown' && outcome.exception === undefined;
    if (applied && judging.policy.spec.applyRules === 'One') break;
  }
  return outcomes;
}

/** Rules that only change or make objects have nothing to judge. */
const judges = ({ validate, verifyImages }: KyvernoRule): boolean =>
  (validate !== undefined && validate !== null) || verifyImages !== undefined;

const RANKS: readonly Enforcement[] = ['audit', 'warn', 'block'];
const strictest = (all: readonly Enforcement[]): Enforcement =>
  all.reduce<Enforcement>((most, one) => (RANKS.indexOf(one) > RANKS.indexOf(most) ? one : most), 'audit');

/** What the rule asks for in the namespace of a request, or anywhere where no override says otherwise. */
function enforcementOf(
  { validate }: KyvernoRule,
  { spec }: KyvernoPolicy,
  request: JudgedRequest | undefined,
): Enforcement {
  const overrides = validate?.failureActionOverrides ?? spec.validationFailureActionOverrides ?? [];
  const override = overrides.find(({ namespaces, namespaceSelector }) => {
    if (request === undefined) return false;
    const isNamed = !namespaces?.length || namespaces.some((one) => matchesWildcard(one, request.namespace));
    return isNamed && (!namespaceSelector || selects(namespaceSelector, request.namespaceLabels, true) === true);
  });
  const action = override?.action ?? validate?.failureAction ?? spec.validationFailureAction ?? 'Audit';
  return action.toLowerCase() === 'enforce' ? 'block' : 'audit';
}

/** Undefined where the rule has nothing to say of the request. */
function judgeRule(compiled: CompiledKyvernoRule, judging: Judging, usual: Enforcement): Outcome | undefined {
  const { rule, written } = compiled;
  const { request, policy, exceptions } = judging;
  const applies = ruleMatches(rule.match, rule.exclude, request);
  if (applies === false) return undefined;
  let made: JsonContext | undefined;
  const data = (): JsonContext => {
    made ??= JsonContext.of(request, judging.subject.facts?.['kyvernoContext']);
    return made;
  };
  const matching = exceptions.filter((exception) => isExcepted(exception, rule, judging, data));
  const result =
    applies === undefined
      ? missing(['namespaceObject.metadata.labels'])
      : runRule(
          compiled,
          judging,
          data,
          matching.flatMap(({ spec }) => spec.podSecurity ?? []),
        );
  const outcome = outcomeOfRule(result);
  if (outcome === undefined) return undefined;
  const enforcement = enforcementOf(rule, policy, request);
  const told: Outcome = { ...outcome, element: part(written), ...(enforcement === usual ? {} : { enforcement }) };
  const whole = matching.find(({ spec }) => !spec.podSecurity?.length || !rule.validate?.podSecurity);
  return whole === undefined || told.verdict === 'pass' ? told : { ...told, exception: whole.metadata.name };
}

/** Whether an exception names the rule and is about the request. */
function isExcepted(
  { spec }: KyvernoException,
  rule: KyvernoRule,
  { request, policy }: Judging,
  data: () => JsonContext,
): boolean {
  const { name, namespace } = policy.metadata;
  const isNamed = spec.exceptions.some(
    ({ policyName, ruleNames }) =>
      (policyName === name || policyName === `${namespace ?? 'default'}/${name}`) &&
      ruleNames.some((one) => matchesWildcard(one, rule.name)),
  );
  if (!isNamed || exceptionMatches(spec.match, request) !== true) return false;
  return attempt(() => (meetsPreconditions(spec.conditions, data()) ? { status: 'pass' } : SKIP)).status === 'pass';
}

function runRule(
  { rule, cel }: CompiledKyvernoRule,
  { request, facts, context, policy }: Judging,
  data: () => JsonContext,
  exempt: NonNullable<KyvernoException['spec']['podSecurity']>,
): RuleResult {
  const { validate } = rule;
  if (rule.verifyImages !== undefined) return missing(['signatures and attestations of images (verifyImages)']);
  if (validate?.manifests !== undefined) return missing(['signatures of manifests (validate.manifests)']);
  if (validate?.assert !== undefined) return missing(['assertion trees (validate.assert)']);
  if (cel !== undefined && bodiesOf(validate ?? {}).length < 2)
    return judgeCelRule(cel, request, facts, policy.spec.failurePolicy ?? 'Fail');
  if (!validate) return SKIP;
  return attempt(() => {
    requireOneBody(validate);
    const inside = data().withEntries(rule.context);
    if (!meetsPreconditions(rule.preconditions, inside)) return SKIP;
    if (request.operation === 'DELETE' && !validate.deny) return SKIP;
    const { podSecurity } = validate;
    if (podSecurity) {
      const exclude = [...(podSecurity.exclude ?? []), ...exempt];
      return judgePodSecurity(request.target, { ...podSecurity, exclude }, context.podSecurity);
    }
    const locate = pointersInto(request.target);
    const { name: ruleName } = rule;
    const checked = {
      object: request.target,
      pointer: [],
      context: inside,
      message: validate.message ?? '',
      ruleName,
      locate,
    };
    return validateObject(validate, checked);
  });
}
