import type { JsonObject, Phase, Place, Policy, PolicyDocument } from '@breakwater/model';
import { type CompiledRule, compileRule } from './compile-rule.ts';
import { type CompiledCondition, compileConditions } from './conditions.ts';
import { checkEvents, HISTORY } from './events/check-events.ts';
import { withEventTypes } from './events/event-types.ts';
import { FACT_NAMES, type Facts, type PolicySubject } from './facts/facts.ts';
import type { Outcome } from './outcome.ts';
import { type Compiler, compileLater, compileNow, type Declare, type Report } from './policy-expression.ts';
import { type CompiledVariable, compileVariables, variablesBinder } from './variables.ts';

/** A policy ready to judge. */
export interface CompiledPolicy {
  policy: Policy;
  place: Place;
  /** Rules for the version of Kubernetes that it was selected for. */
  rules: CompiledRule[];
  /** Rules for all versions. */
  revisions: CompiledRule[];
  /** Facts that its rules and conditions use. */
  facts: ReadonlySet<string>;
  /** What it is about, from the facts it uses: image policies judge images, all others objects. */
  about: 'image' | 'workload' | 'object';
  kinds: ReadonlySet<string> | undefined;
  variables?: readonly CompiledVariable[] | undefined;
  /** Makes what `variables` is for a subject. */
  bindVariables?: ((facts: Facts) => object) | undefined;
  /** What must be true beside the rest of `match`. */
  conditions?: readonly CompiledCondition[] | undefined;
  /** Value of `params`, where the policy has parameters of its own. */
  params?: JsonObject | undefined;
  /** Kind of the document that it was written as, where that is not ours: `ValidatingAdmissionPolicy`. */
  language?: string | undefined;
  /**
   * Judges in place of the rules, for a policy in another language: every failure and everything undecided, else what
   * passed. Never throws for anything in the subject.
   */
  judge?(facts: Facts, subject: PolicySubject): Outcome[];
  /** Decides in place of `spec.match` whether the policy has anything to say about the subject. */
  appliesTo?(subject: PolicySubject, facts: Facts): boolean;
}

const IMAGE_FACTS = ['image', 'vulnerabilities'];
const WORKLOAD_FACTS = ['workload', 'containers', 'exposure', 'profile'];
const CLUSTER_FACTS = ['network', 'permissions', 'tenancy'];
const OBJECT_FACTS = [
  'object',
  'oldObject',
  'request',
  'namespaceObject',
  'estate',
  'grants',
  ...CLUSTER_FACTS,
  ...WORKLOAD_FACTS,
];
const PHASES: Phase[] = ['build', 'deploy', 'run'];

/** Compiles a policy; what is at fault in it is reported with the path to it. Of ours nothing is: a test holds that. */
export function compilePolicy(document: PolicyDocument, report: Report): CompiledPolicy {
  if (document.builtIn) return putTogetherLater(document);
  const compiled = putTogether(document, compileNow(report, typesFor(document.policy)), report);
  checkShape(document.policy, report);
  checkEvents(document.policy, compiled.facts, report);
  return compiled;
}

/** Events have types; of what else is judged anything may be missing or of another shape. */
const typesFor = ({ spec }: Policy): Declare | undefined =>
  spec.match.events === undefined ? undefined : withEventTypes;

/** A policy of ours whose parts are made when the first of them is asked for: most packs are in force nowhere. */
function putTogetherLater(document: PolicyDocument): CompiledPolicy {
  const { policy, place } = document;
  let made: CompiledPolicy | undefined;
  const whole = (): CompiledPolicy => {
    made ??= putTogether(document, compileLater(typesFor(policy)), () => {});
    return made;
  };
  return {
    policy,
    place,
    get rules() {
      return whole().rules;
    },
    get revisions() {
      return whole().revisions;
    },
    get facts() {
      return whole().facts;
    },
    get about() {
      return whole().about;
    },
    kinds: policy.spec.match.kinds && new Set(policy.spec.match.kinds),
    get variables() {
      return whole().variables;
    },
    get bindVariables() {
      return whole().bindVariables;
    },
    get conditions() {
      return whole().conditions;
    },
    params: policy.spec.params,
  };
}

function putTogether({ policy, place }: PolicyDocument, compile: Compiler, report: Report): CompiledPolicy {
  const { match, params, variables: written = [] } = policy.spec;
  const variables = compileVariables(written, compile, report);
  const conditions = compileConditions(match.conditions ?? [], compile);
  const revisions = compileRules(policy, variables, compile, report);
  const facts = new Set([...revisions, ...conditions].flatMap((part) => [...part.facts]));
  if (match.namespaceSelector !== undefined) facts.add('namespaceObject');
  return {
    policy,
    place,
    rules: revisions,
    revisions,
    facts,
    about: aboutOf(facts),
    kinds: match.kinds && new Set(match.kinds),
    variables: variables.length > 0 ? variables : undefined,
    bindVariables: variables.length > 0 ? variablesBinder(variables) : undefined,
    conditions: conditions.length > 0 ? conditions : undefined,
    params,
  };
}

function compileRules(
  { spec }: Policy,
  variables: readonly CompiledVariable[],
  compile: Compiler,
  report: Report,
): CompiledRule[] {
  return (['require', 'forbid'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(
      (rule, index) => compileRule(rule, list === 'require', ['spec', list, index], variables, compile, report) ?? [],
    ),
  );
}

/** What no expression is at fault for. */
function checkShape({ spec }: Policy, report: Report): void {
  if (!spec.require?.length && !spec.forbid?.length) report(['spec'], 'it has no rule');
  if (spec.overrides !== undefined && Object.keys(spec.match).length > 0) {
    report(['spec', 'overrides'], 'it has a match of its own, outside of which nobody would judge what it overrides');
  }
  for (const phase of PHASES) {
    if (spec.enforcement[phase] !== undefined && !spec.phases.includes(phase)) {
      report(['spec', 'enforcement', phase], `it enforces in ${phase}, which is not among its phases`);
    }
  }
  for (const [index, { key, operator, values = [] }] of (
    spec.match.namespaceSelector?.matchExpressions ?? []
  ).entries()) {
    const takesValues = operator === 'In' || operator === 'NotIn';
    if (takesValues !== values.length > 0) {
      const at = ['spec', 'match', 'namespaceSelector', 'matchExpressions', index, 'values'];
      report(at, `${operator} on ${key} ${takesValues ? 'needs values' : 'takes no values'}`);
    }
  }
  for (const [index, { given }] of spec.cases.entries()) {
    for (const fact of Object.keys(given)) {
      if (!(FACT_NAMES as readonly string[]).includes(fact) && fact !== HISTORY) {
        report(['spec', 'cases', index, 'given', fact], `there is no fact named ${fact}`);
      }
    }
  }
}

function aboutOf(facts: ReadonlySet<string>): CompiledPolicy['about'] {
  if (WORKLOAD_FACTS.some((fact) => facts.has(fact))) return 'workload';
  if (!IMAGE_FACTS.some((fact) => facts.has(fact))) return 'object';
  return OBJECT_FACTS.some((fact) => facts.has(fact)) ? 'workload' : 'image';
}
