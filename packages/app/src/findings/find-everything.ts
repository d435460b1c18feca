import { type EstateFacts, matterKey, type RankResult } from '@breakwater/engine/risk';
import type { Finding, PolicyResult, VulnerabilityMatch } from '@breakwater/model';
import type { GatheredFacts } from '../estate/gather-facts.ts';
import type { PolicySet } from '../estate/policy-set.ts';
import { reportFindings } from '../reports/report-findings.ts';
import { policyFindings } from './policy-findings.ts';
import { runtimeFindings } from './runtime-findings.ts';
import { type Relevance, vulnerabilityFindings } from './vulnerability-findings.ts';

/** Every finding of an estate, each under its key once. */
export function findEverything(
  { facts, judged, alerts, reports }: GatheredFacts,
  ranked: RankResult,
  results: PolicyResult[],
  set: PolicySet,
): Finding[] {
  const why = new Map(set.policies.map(({ policy }) => [policy.metadata.name, policy.spec.why]));
  const subjects = { workloads: new Set(facts.workloads.map(({ id }) => id)), images: new Set(judged.keys()) };
  const findings = [
    ...policyFindings(results, subjects, (policy) => why.get(policy) ?? ''),
    ...runtimeFindings(alerts),
    ...reportFindings(reports, facts.workloads),
  ];
  const running = runningImages(facts);
  for (const image of judged.values()) {
    for (const workload of running.get(image.image.id) ?? [undefined]) {
      const subject = workload ?? image.image.id;
      findings.push(...vulnerabilityFindings(image, (match) => relevanceOf(ranked, subject, match), workload));
    }
  }
  return [...new Map(findings.map((finding) => [finding.key, finding])).values()];
}

/** Why a vulnerability counts on a subject, or why not. */
function relevanceOf(ranked: RankResult, subject: string, match: VulnerabilityMatch): Relevance {
  const matters = ranked.matterKeys.has(matterKey(subject, match.component, match.id));
  if (matters) return { matters, why: 'an attacker who comes here can use it, and value is lost from here on' };
  return { matters, why: ranked.quietReasonOf(subject, match.component, match.id) };
}

/** Ids of the workloads that run each image. */
export function runningImages({ images }: EstateFacts): Map<string, Set<string>> {
  const running = new Map<string, Set<string>>();
  for (const [workload, list] of images) {
    for (const { image } of list) {
      if (image) running.set(image.id, (running.get(image.id) ?? new Set()).add(workload));
    }
  }
  return running;
}
