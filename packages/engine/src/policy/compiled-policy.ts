import type { Phase, Place, Policy, PolicyDocument } from '@breakwater/model';
import { ExpressionError } from './cel/index.ts';
import { type CompiledRule, compileRule, compileRuleLater } from './compile-rule.ts';
import { FACT_NAMES, type Facts, type PolicySubject } from './facts/facts.ts';
import type { Outcome } from './outcome.ts';

/** A policy ready to judge. */
export interface CompiledPolicy {
  policy: Policy;
  place: Place;
  /** Rules for the version of Kubernetes that it was selected for. */
  rules: CompiledRule[];
  /** Rules for all versions. */
  revisions: CompiledRule[];
  /** Facts that its rules use. */
  facts: ReadonlySet<string>;
  /** What it is about, from the facts it uses: image policies judge images, all others objects. */
  about: 'image' | 'workload' | 'object';
  kinds: ReadonlySet<string> | undefined;
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
const OBJECT_FACTS = ['object', 'oldObject', 'request', 'namespaceObject', 'estate', 'grants', ...WORKLOAD_FACTS];
const PHASES: Phase[] = ['build', 'deploy', 'run'];

/** Takes a fault: the path to it inside the policy, and what is wrong. */
export type Report = (pointer: (string | number)[], message: string) => void;

/** Compiles a policy; what is at fault in it is reported with the path to it. */
export function compilePolicy(document: PolicyDocument, report: Report): CompiledPolicy {
  const { policy, place } = document;
  const revisions = compileRules(document, report);
  if (!policy.spec.require?.length && !policy.spec.forbid?.length) report(['spec'], 'it has no rule');
  if (policy.spec.overrides !== undefined && Object.keys(policy.spec.match).length > 0) {
    report(['spec', 'overrides'], 'it has a match of its own, outside of which nobody would judge what it overrides');
  }
  for (const phase of PHASES) {
    if (policy.spec.enforcement[phase] !== undefined && !policy.spec.phases.includes(phase)) {
      report(['spec', 'enforcement', phase], `it enforces in ${phase}, which is not among its phases`);
    }
  }
  policy.spec.cases.forEach((example, index) => {
    for (const fact of Object.keys(example.given)) {
      if (!(FACT_NAMES as readonly string[]).includes(fact)) {
        report(['spec', 'cases', index, 'given', fact], `there is no fact named ${fact}`);
      }
    }
  });
  const facts = new Set(revisions.flatMap((rule) => [...rule.facts]));
  const { kinds } = policy.spec.match;
  return { policy, place, rules: revisions, revisions, facts, about: aboutOf(facts), kinds: kinds && new Set(kinds) };
}

function compileRules({ policy, builtIn }: PolicyDocument, report: Report): CompiledRule[] {
  return (['require', 'forbid'] as const).flatMap((list) =>
    (policy.spec[list] ?? []).flatMap((rule, index) => {
      const wanted = list === 'require';
      if (builtIn) return compileRuleLater(rule, wanted);
      const compiled = compileRule(rule, wanted, (field, error) => {
        if (!(error instanceof ExpressionError)) throw error;
        report(['spec', list, index, field], error.message);
      });
      return compiled ?? [];
    }),
  );
}

function aboutOf(facts: ReadonlySet<string>): CompiledPolicy['about'] {
  if (WORKLOAD_FACTS.some((fact) => facts.has(fact))) return 'workload';
  if (!IMAGE_FACTS.some((fact) => facts.has(fact))) return 'object';
  return OBJECT_FACTS.some((fact) => facts.has(fact)) ? 'workload' : 'image';
}
