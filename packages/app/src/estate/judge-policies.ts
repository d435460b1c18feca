import { type CompiledPolicy, evaluatePolicies, type PolicySubject } from '@breakwater/engine/policy';
import type { Estate } from '@breakwater/engine/policy/facts/estate';
import type { Exposure, JsonObject, ManifestObject, Phase, PolicyResult, PolicySummary } from '@breakwater/model';
import { workloadId } from '@breakwater/model';
import type { PolicySet } from './policy-set.ts';

/** What is known of an object beside itself. Policies on what is left out are unknown. */
interface Surroundings {
  exposure?: readonly Exposure[];
  /** Objects of its cluster. */
  estate?: Estate | undefined;
}

/** Judges a Kubernetes object in a phase. */
export function judgeObject(
  { object, namespace, place, ...identity }: ManifestObject,
  phase: Phase,
  set: PolicySet,
  { exposure, estate }: Surroundings = {},
): PolicyResult[] {
  const id = workloadId({ namespace, ...identity });
  const subject: PolicySubject = { id, object, namespace, place };
  if (exposure !== undefined) subject.exposure = exposure;
  if (estate !== undefined) subject.facts = { estate, namespaceObject: namespaceObject(namespace, estate) };
  return evaluatePolicies(set.policies, subject, phase, set.exceptions, set.now);
}

/** Null of what is in no namespace, as an API server has it; undefined where the namespace is not in view. */
const namespaceObject = (namespace: string, estate: Estate): JsonObject | null | undefined =>
  namespace === '' ? null : estate.find('Namespace', '', namespace)?.object;

/** Each policy, and how many subjects pass, fail, are unknown or excepted. */
export function summarisePolicies(policies: CompiledPolicy[], results: PolicyResult[]): PolicySummary[] {
  const byPolicy = Map.groupBy(results, (result) => result.policy);
  return policies.map(({ policy: { metadata, spec } }) => {
    const { title, why, severity, phases, enforcement } = spec;
    return {
      name: metadata.name,
      title,
      why,
      severity,
      phases,
      enforcement,
      ...count(byPolicy.get(metadata.name) ?? []),
    };
  });
}

/** Subjects by the worst that is said of them. */
function count(results: PolicyResult[]): Pick<PolicySummary, 'passed' | 'failed' | 'unknown' | 'excepted'> {
  const [passed, failed, unknown, excepted] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  for (const { subject, verdict, exception } of results) {
    if (verdict === 'pass') passed.add(subject);
    else if (exception) excepted.add(subject);
    else (verdict === 'fail' ? failed : unknown).add(subject);
  }
  const clean = [...passed].filter(
    (subject) => !failed.has(subject) && !unknown.has(subject) && !excepted.has(subject),
  );
  return { passed: clean.length, failed: failed.size, unknown: unknown.size, excepted: excepted.size };
}
