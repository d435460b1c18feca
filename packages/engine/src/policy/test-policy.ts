import type { JsonObject, Phase, PolicyCase, PolicyResult, Verdict } from '@breakwater/model';
import type { CompiledPolicy } from './compiled-policy.ts';
import { evaluatePolicies } from './evaluate.ts';
import { judgeHistory } from './events/judge-history.ts';
import { estateOfLists } from './facts/estate/index.ts';
import type { PolicySubject } from './facts/facts.ts';
import { LATEST, parseKubernetesVersion } from './kubernetes-version.ts';
import { revisionFor } from './select-policies.ts';

/** How one of a policy's own cases went. */
export interface CaseResult {
  policy: string;
  name: string;
  expected: Verdict;
  actual: Verdict;
  passed: boolean;
  /** What the policy said. */
  message: string;
}

/** The moment of cases that do not give `now` themselves. */
const CASE_TIME = '2026-01-01T00:00:00Z';

/**
 * Runs a policy's cases, each by the rules of its version of Kubernetes. A case that the policy does not match counts as
 * pass: the policy has nothing against it.
 */
export function testPolicy(compiled: CompiledPolicy): CaseResult[] {
  return compiled.policy.spec.cases.map((example) => judgeCase(compiled, example));
}

/** A rule that its policy's cases do not show from both sides. */
export interface UntestedRule {
  policy: string;
  list: 'require' | 'forbid';
  index: number;
  /** What no case shows: that it refuses something, that it lets something pass. */
  lacks: ('fail' | 'pass')[];
}

/** Rules whose cases show nothing that they refuse, or nothing that they let pass: each rule is judged alone. */
export function untestedRules(compiled: CompiledPolicy): UntestedRule[] {
  const { metadata, spec } = compiled.policy;
  const found: UntestedRule[] = [];
  for (const [position, rule] of compiled.revisions.entries()) {
    const alone = { ...compiled, rules: [rule], revisions: [rule] };
    const shown = new Set(spec.cases.flatMap((example) => verdictOf(judgeExample(alone, example)) ?? []));
    const lacks = (['fail', 'pass'] as const).filter((verdict) => !shown.has(verdict));
    const list = rule.wanted ? 'require' : 'forbid';
    const index = rule.wanted ? position : position - (spec.require?.length ?? 0);
    if (lacks.length > 0) found.push({ policy: metadata.name, list, index, lacks });
  }
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What is said of an example, by the rules of its version of Kubernetes; nothing where the policy does not apply. */
function judgeExample(compiled: CompiledPolicy, example: PolicyCase): PolicyResult[] {
  const { object, image, vulnerabilities, exposure, now, estate, ...given } = example.given as Record<string, unknown>;
  const facts = isRecord(estate) ? { ...given, estate: estateOfLists(estate) } : given;
  const subject: PolicySubject = {
    id: example.name,
    object: object as JsonObject | undefined,
    image: image as PolicySubject['image'],
    vulnerabilities: vulnerabilities as PolicySubject['vulnerabilities'],
    exposure: exposure as PolicySubject['exposure'],
    facts,
  };
  const phase = compiled.policy.spec.phases[0] as Phase;
  const time = typeof now === 'string' ? now : CASE_TIME;
  const version = example.kubernetes === undefined ? LATEST : (parseKubernetesVersion(example.kubernetes) ?? LATEST);
  const { rules, ...revision } = revisionFor(compiled, version);
  /* The policy's own values, whatever settings have made of them. */
  const { params } = compiled.policy.spec;
  if (rules.length === 0) return [];
  const values = params && isRecord(given['params']) ? { ...params, ...(given['params'] as JsonObject) } : params;
  const judged = { ...revision, rules, params: values };
  if (compiled.policy.spec.match.events !== undefined) return judgeHistory(judged, { ...example.given, ...facts });
  return evaluatePolicies([judged], subject, phase, [], time);
}

/** The worst that is said; undefined where nothing is. */
const verdictOf = (results: readonly PolicyResult[]): Verdict | undefined =>
  (['fail', 'unknown', 'pass'] as const).find((verdict) => results.some((result) => result.verdict === verdict));

function judgeCase(compiled: CompiledPolicy, example: PolicyCase): CaseResult {
  const results = judgeExample(compiled, example);
  const actual = verdictOf(results) ?? 'pass';
  const message = results.length === 0 ? 'the policy does not apply' : '';
  return {
    policy: compiled.policy.metadata.name,
    name: example.name,
    expected: example.verdict,
    actual,
    passed: actual === example.verdict,
    message: actual === 'pass' ? message : (results.find(({ verdict }) => verdict === actual)?.message ?? ''),
  };
}
