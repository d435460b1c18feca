import type { Phase, Place, Policy, PolicyDocument, Rule, Unknown } from '@breakwater/model';
import { type CompiledExpression, compileExpression, ExpressionError } from './cel/index.ts';
import { FACT_NAMES, UNSUPPLIED_FACTS } from './facts/facts.ts';

export interface CompiledRule {
  each: Rule['each'];
  expression: CompiledExpression;
  message: CompiledExpression;
  /** What the expression gives when all is well: true for `require`, false for `forbid`. */
  wanted: boolean;
}

/** A policy ready to judge. */
export interface CompiledPolicy {
  policy: Policy;
  place: Place;
  rules: CompiledRule[];
  /** Facts that its rules use. */
  facts: ReadonlySet<string>;
  /** What it is about, from the facts it uses: image policies judge images, all others objects. */
  about: 'image' | 'workload' | 'object';
  kinds: ReadonlySet<string> | undefined;
}

export interface LoadedPolicies {
  policies: CompiledPolicy[];
  /** Policies that cannot be used, with the place of the fault, and those whose facts nothing supplies. */
  unknowns: Unknown[];
}

const IMAGE_FACTS = ['image', 'vulnerabilities'];
const WORKLOAD_FACTS = ['workload', 'containers', 'exposure', 'profile'];
const OBJECT_FACTS = ['object', 'oldObject', 'request', 'namespaceObject', 'params', ...WORKLOAD_FACTS];
const PHASES: Phase[] = ['build', 'deploy', 'run'];

/** Compiles policies; one at fault becomes an unknown with its place and the others go on. */
export function loadPolicies(documents: readonly PolicyDocument[]): LoadedPolicies {
  const loaded: LoadedPolicies = { policies: [], unknowns: [] };
  const names = new Set<string>();
  for (const { policy, place } of documents) {
    const fault = (pointer: (string | number)[], message: string): Unknown => ({
      code: 'policy-invalid',
      message: `policy ${policy.metadata.name}: ${message}`,
      place: { ...place, pointer },
      subject: policy.metadata.name,
    });
    const faults: Unknown[] = [];
    if (names.has(policy.metadata.name)) faults.push(fault(['metadata', 'name'], 'another policy has this name'));
    const compiled = compilePolicy(policy, place, (pointer, message) => faults.push(fault(pointer, message)));
    if (faults.length === 0) loaded.policies.push(compiled);
    loaded.unknowns.push(...faults, ...unsupplied(compiled));
    names.add(policy.metadata.name);
  }
  return loaded;
}

/* Said once where it is written, rather than "unknown" for every object without a reason. */
function unsupplied({ policy, place, facts }: CompiledPolicy): Unknown[] {
  const { name } = policy.metadata;
  return UNSUPPLIED_FACTS.filter((fact) => facts.has(fact)).map((fact) => ({
    code: 'policy-fact-unsupplied',
    message: `policy ${name} asks for ${fact}, which nothing supplies yet: where it counts, the policy stays undecided`,
    place,
    subject: name,
  }));
}

type Report = (pointer: (string | number)[], message: string) => void;

function compilePolicy(policy: Policy, place: Place, report: Report): CompiledPolicy {
  const rules = (['require', 'forbid'] as const).flatMap((list) =>
    (policy.spec[list] ?? []).flatMap((rule, index) => compileRule(rule, list, ['spec', list, index], report)),
  );
  if (!policy.spec.require?.length && !policy.spec.forbid?.length) report(['spec'], 'it has no rule');
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
  const facts = new Set(
    rules.flatMap((rule) => [...rule.expression.references, ...(rule.each === undefined ? [] : [rule.each])]),
  );
  const { kinds } = policy.spec.match;
  return { policy, place, rules, facts, about: aboutOf(facts), kinds: kinds && new Set(kinds) };
}

function aboutOf(facts: ReadonlySet<string>): CompiledPolicy['about'] {
  if (WORKLOAD_FACTS.some((fact) => facts.has(fact))) return 'workload';
  if (!IMAGE_FACTS.some((fact) => facts.has(fact))) return 'object';
  return OBJECT_FACTS.some((fact) => facts.has(fact)) ? 'workload' : 'image';
}

function compileRule(
  rule: Rule,
  list: 'require' | 'forbid',
  pointer: (string | number)[],
  report: Report,
): CompiledRule[] {
  const element = rule.each === 'containers' ? ['c'] : rule.each === 'vulnerabilities' ? ['v'] : [];
  const variables = [...FACT_NAMES, ...element];
  const compile = (field: 'expr' | 'message'): CompiledExpression | undefined => {
    try {
      return compileExpression(rule[field], { variables });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      report([...pointer, field], error.message);
      return undefined;
    }
  };
  const expression = compile('expr');
  const message = compile('message');
  if (expression === undefined || message === undefined) return [];
  return [{ each: rule.each, expression, message, wanted: list === 'require' }];
}
