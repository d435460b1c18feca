import {
  type CompiledPolicy,
  evaluatePolicies,
  type PolicySubject,
  type VulnerabilityFact,
  vulnerabilityFact,
} from '@breakwater/engine/policy';
import type { ComponentEvidence, Exception, Exposure, Phase, PolicyResult, PolicySummary } from '@breakwater/model';
import type { MatchedImage } from './match-images.ts';

/** Policies and exceptions in force, and what they need to know of the machine. */
export interface PolicySet {
  policies: CompiledPolicy[];
  exceptions: Exception[];
  /** ISO 8601. */
  now: string;
  /** Whether the catalogue of known exploited vulnerabilities was imported. */
  catalogueImported: boolean;
}

/** Judges an image in the build phase. What was not matched makes policies on vulnerabilities unknown, unless what is known fails them already. */
export function judgeImage(
  matched: MatchedImage,
  evidence: ReadonlyMap<string, ComponentEvidence> | undefined,
  set: PolicySet,
): PolicyResult[] {
  const { image, matches, complete } = matched;
  const vulnerabilities = matches.map((match): VulnerabilityFact => {
    const known = evidence?.get(match.component);
    return vulnerabilityFact(match, {
      catalogueImported: set.catalogueImported,
      ...(known ? { evidence: known } : {}),
    });
  });
  const subject: PolicySubject = { id: image.id, image, place: { source: image.target } };
  const judge = (facts: PolicySubject) => evaluatePolicies(set.policies, facts, 'build', set.exceptions, set.now);
  const known = judge({ ...subject, vulnerabilities });
  if (complete) return known;
  const settled = new Set(known.filter((result) => result.verdict !== 'pass').map((result) => result.policy));
  const undecided = judge(subject).filter((result) => result.verdict === 'unknown' && !settled.has(result.policy));
  const open = new Set(undecided.map((result) => result.policy));
  return [...known.filter((result) => !open.has(result.policy)), ...undecided];
}

/** An object to judge, with what is known beside it. */
export interface JudgedObject extends PolicySubject {
  exposure?: readonly Exposure[];
}

/** Judges a Kubernetes object in a phase. */
export function judgeObject(subject: JudgedObject, phase: Phase, set: PolicySet): PolicyResult[] {
  return evaluatePolicies(set.policies, subject, phase, set.exceptions, set.now);
}

/** Each policy, and how many subjects pass, fail, are unknown or excepted. */
export function summarisePolicies(policies: CompiledPolicy[], results: PolicyResult[]): PolicySummary[] {
  const byPolicy = Map.groupBy(results, (result) => result.policy);
  return policies.map(({ policy: { metadata, spec } }) => {
    const own = byPolicy.get(metadata.name) ?? [];
    const subjects = (wanted: (result: PolicyResult) => boolean) =>
      new Set(own.filter(wanted).map((result) => result.subject)).size;
    const { title, why, severity, phases, enforcement } = spec;
    return {
      name: metadata.name,
      title,
      why,
      severity,
      phases,
      enforcement,
      failed: subjects((result) => result.verdict === 'fail' && !result.exception),
      unknown: subjects((result) => result.verdict === 'unknown' && !result.exception),
      excepted: subjects((result) => result.exception !== undefined),
      passed: subjects(
        (result) =>
          result.verdict === 'pass' &&
          !own.some((other) => other.subject === result.subject && other.verdict !== 'pass'),
      ),
    };
  });
}
