import type { JsonObject, Phase, PolicyCase, Verdict } from '@breakwater/model';
import type { CompiledPolicy } from './compiled-policy.ts';
import { evaluatePolicies } from './evaluate.ts';
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

const isLists = (estate: unknown): estate is Record<string, unknown> => typeof estate === 'object' && estate !== null;

function judgeCase(compiled: CompiledPolicy, example: PolicyCase): CaseResult {
  const { object, image, vulnerabilities, exposure, now, estate, ...given } = example.given as Record<string, unknown>;
  const facts = isLists(estate) ? { ...given, estate: estateOfLists(estate) } : given;
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
  const inForce = rules.length === 0 ? [] : [{ ...revision, rules }];
  const results = evaluatePolicies(inForce, subject, phase, [], time);
  const decisive =
    results.find(({ verdict }) => verdict === 'fail') ?? results.find(({ verdict }) => verdict === 'unknown');
  const actual = decisive?.verdict ?? 'pass';
  const message = decisive?.message ?? (results.length === 0 ? 'the policy does not apply' : '');
  return {
    policy: compiled.policy.metadata.name,
    name: example.name,
    expected: example.verdict,
    actual,
    passed: actual === example.verdict,
    message,
  };
}
