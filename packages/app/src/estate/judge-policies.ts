import {
  type CompiledPolicy,
  type Controller,
  evaluatePolicies,
  findFaults,
  type PolicySubject,
  withUnknownFields,
} from '@breakwater/engine/policy';
import type { Estate } from '@breakwater/engine/policy/facts/estate';
import type { Exposure, JsonObject, ManifestObject, Phase, PolicyResult, PolicySummary } from '@breakwater/model';
import { workloadId, writtenPlace } from '@breakwater/model';
import type { ImageFacts } from './image-facts.ts';
import type { PolicySet } from './policy-set.ts';

/** What is known of an object beside itself. Policies on what is left out are unknown. */
interface Surroundings {
  exposure?: readonly Exposure[] | undefined;
  /** Objects of its cluster. */
  estate?: Estate | undefined;
  /** What is known of its images. */
  images?: ImageFacts;
  /** What made it, where that is known of more than its own word. */
  makers?: readonly Controller[] | undefined;
  /** Whether results that pass are left out. */
  faultsOnly?: boolean;
}

/** Judges an object in a phase. */
export function judgeObject(
  entry: ManifestObject,
  phase: Phase,
  set: PolicySet,
  { exposure, estate, images, makers, faultsOnly = false }: Surroundings = {},
): PolicyResult[] {
  const evaluate = faultsOnly ? findFaults : evaluatePolicies;
  if (entry.translation !== undefined) return judgeTranslated(entry, phase, set, { exposure, images }, evaluate);
  const { object, namespace, place, ...identity } = entry;
  const id = workloadId({ namespace, ...identity });
  const subject: PolicySubject = { id, object, namespace, place, ...images };
  if (exposure !== undefined) subject.exposure = exposure;
  if (makers !== undefined) subject.controllers = makers;
  if (estate !== undefined) subject.facts = { estate, namespaceObject: namespaceObject(namespace, estate) };
  return evaluate(set.policies, subject, phase, set.exceptions, set.now);
}

/**
 * A workload of another platform: what cannot be told of it is unknown, and faults are told where its own file has them.
 * Of what surrounds an object policies ask in words of Kubernetes: that stays unknown too.
 */
function judgeTranslated(
  entry: ManifestObject,
  phase: Phase,
  set: PolicySet,
  { exposure, images }: Surroundings,
  evaluate: typeof evaluatePolicies,
): PolicyResult[] {
  const { object, namespace, place, translation } = entry;
  const subject: PolicySubject = {
    id: workloadId(entry),
    object: withUnknownFields(object, translation?.unknown ?? []),
    namespace,
    place: { source: place.source },
    ...images,
  };
  if (exposure !== undefined) subject.exposure = exposure;
  return evaluate(set.policies, subject, phase, set.exceptions, set.now).map((result) => ({
    ...result,
    place: writtenPlace(entry, result.place?.pointer ?? []),
  }));
}

/** Null of what is in no namespace, as an API server has it; undefined where the namespace is not in view. */
const namespaceObject = (namespace: string, estate: Estate): JsonObject | null | undefined =>
  namespace === '' ? null : estate.namespaceOf(namespace);

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
