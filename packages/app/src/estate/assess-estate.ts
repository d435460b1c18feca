import { matterKey, type RankResult, rank } from '@breakwater/engine/risk';
import {
  type AdvisoryStatus,
  type Finding,
  type PolicyResult,
  type QuietReason,
  type RankedWorkload,
  type Unknown,
  type VulnerabilityMatch,
  workloadId,
} from '@breakwater/model';
import type { AssessedImage, AssessedWorkload, Assessment } from '../assessment/assessment.ts';
import { policyFindings } from '../findings/policy-findings.ts';
import { runtimeFindings } from '../findings/runtime-findings.ts';
import { type Relevance, vulnerabilityFindings } from '../findings/vulnerability-findings.ts';
import type { GatheredFacts } from './gather-facts.ts';
import { judgeImage, judgeObject, type PolicySet, summarisePolicies } from './judge-policies.ts';
import { phaseMarks } from './phase-marks.ts';
import { prepareFixes } from './prepare-fixes.ts';
import { timelineOf } from './timeline.ts';

export interface AssessOptions {
  /** As given. */
  paths: string[];
  /** ISO 8601. */
  now: string;
  policySet: PolicySet;
  advisories: AdvisoryStatus;
  /** Unknowns of the reading. */
  unknowns: Unknown[];
  /** The text of a file that was read, for patches. */
  readText(path: string): string;
}

/** Judges what was gathered: ranks it, finds what policies and advisories say, and prepares the fixes. */
export function assessEstate(gathered: GatheredFacts, options: AssessOptions): Assessment {
  const { facts } = gathered;
  const ranked = rank(facts, { time: options.now, now: options.now });
  const results = judgeEverything(gathered, options.policySet);
  const findings = findEverything(gathered, ranked, results, options.policySet);
  const byWorkload = Map.groupBy(findings, (finding) => finding.workload ?? '');
  const fixes = prepareFixes(ranked, facts, options.readText);
  const byId = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const exposures = Map.groupBy(facts.reachability.exposures, (exposure) => exposure.workload);
  const workloads = ranked.ranking.workloads.flatMap((entry, index): AssessedWorkload[] => {
    const own = byWorkload.get(entry.id) ?? [];
    const observed = gathered.observed.has(entry.id);
    const workload = byId.get(entry.id);
    if (!workload) return [];
    const references = new Set(entry.images.flatMap(({ reference, image }) => [reference, image ?? reference]));
    const unknowns = gathered.unknowns.filter(({ subject }) => subject !== undefined && references.has(subject));
    const marked: RankedWorkload = {
      ...entry,
      phases: phaseMarks(entry, own, observed),
      unknowns: [...entry.unknowns, ...unknowns.map(({ message }) => message)],
    };
    return [
      {
        workload,
        ranked: marked,
        rank: index + 1,
        exposures: exposures.get(entry.id) ?? [],
        attack: ranked.attackView(entry.id),
        timeline: timelineOf(own, facts.images.get(entry.id) ?? [], facts.evidence),
        quiet: ranked.quietReasonsOf(entry.id),
      },
    ];
  });
  return {
    time: options.now,
    paths: options.paths,
    workloads,
    images: assessImages(gathered, findings),
    findings,
    fixes,
    policies: summarisePolicies(options.policySet.policies, results),
    running: { observed: gathered.observed.size, alerts: gathered.alerts.length },
    unreadImages: countUnreadImages(gathered),
    ranking: {
      ...ranked.ranking,
      workloads: workloads.map((entry) => entry.ranked),
      fixes: fixes.map((entry) => entry.fix),
      unknowns: [...options.unknowns, ...gathered.unknowns, ...ranked.ranking.unknowns],
      advisories: options.advisories,
    },
  };
}

/** Objects in the deploy phase, images in the build phase. */
function judgeEverything({ facts, matched }: GatheredFacts, set: PolicySet): PolicyResult[] {
  const exposures = Map.groupBy(facts.reachability.exposures, (exposure) => exposure.workload);
  const objects = facts.objects.flatMap((entry) => {
    const id = workloadId(entry);
    return judgeObject(
      { id, object: entry.object, namespace: entry.namespace, place: entry.place, exposure: exposures.get(id) ?? [] },
      'deploy',
      set,
    );
  });
  const images = [...matched.values()].flatMap((image) => judgeImage(image, facts.evidence.get(image.image.id), set));
  return [...objects, ...images];
}

function findEverything(
  { facts, matched, alerts }: GatheredFacts,
  ranked: RankResult,
  results: PolicyResult[],
  set: PolicySet,
): Finding[] {
  const reasons = new Map(set.policies.map(({ policy }) => [policy.metadata.name, policy.spec.why]));
  const ids = new Set(facts.workloads.map(({ id }) => id));
  const findings = [...policyFindings(results, ids, (policy) => reasons.get(policy) ?? ''), ...runtimeFindings(alerts)];
  const running = runningImages(facts);
  for (const { image, matches } of matched.values()) {
    const evidence = facts.evidence.get(image.id) ?? new Map();
    for (const workload of running.get(image.id) ?? [undefined]) {
      const relevance = (match: (typeof matches)[number]): Relevance =>
        relevanceOf(ranked, workload ?? image.id, match);
      findings.push(...vulnerabilityFindings({ image, matches, evidence, relevance }, workload));
    }
  }
  return [...new Map(findings.map((finding) => [finding.key, finding])).values()];
}

/** Why a vulnerability counts on a subject, or why not. */
function relevanceOf(ranked: RankResult, subject: string, match: VulnerabilityMatch): Relevance {
  const matters = ranked.matterKeys.has(matterKey(subject, match.component, match.id));
  if (matters) return { matters, why: 'it is on a path by which value is lost' };
  return { matters, why: ranked.quietReasonOf(subject, match.component, match.id) };
}

/** Ids of the workloads that run each image. */
function runningImages({ images }: GatheredFacts['facts']): Map<string, Set<string>> {
  const running = new Map<string, Set<string>>();
  for (const [workload, list] of images) {
    for (const { image } of list) {
      if (image) running.set(image.id, (running.get(image.id) ?? new Set()).add(workload));
    }
  }
  return running;
}

function assessImages({ facts, matched }: GatheredFacts, findings: Finding[]): AssessedImage[] {
  const running = runningImages(facts);
  const byImage = Map.groupBy(findings, (finding) => finding.image ?? '');
  return [...matched.values()].map(({ image, unknowns }) => ({
    image: { ...image, unknowns: [...image.unknowns, ...unknowns] },
    evidence: Object.fromEntries(facts.evidence.get(image.id) ?? []),
    workloads: [...(running.get(image.id) ?? [])],
    quiet: countReasons(byImage.get(image.id) ?? []),
  }));
}

/** Why vulnerabilities do not matter, by number, the most frequent reason first. */
function countReasons(findings: Finding[]): QuietReason[] {
  const quiet = findings.filter((finding) => finding.kind === 'vulnerability' && !finding.matters);
  return [...Map.groupBy(quiet, (finding) => finding.why)]
    .map(([reason, about]) => ({ reason, count: about.length }))
    .sort((a, b) => b.count - a.count);
}

/** Images that workloads name and that were not given, or not read whole. */
function countUnreadImages({ facts }: GatheredFacts): number {
  const references = new Set<string>();
  for (const list of facts.images.values()) {
    for (const { reference, image } of list) {
      if (!image || image.unknowns.length > 0) references.add(reference);
    }
  }
  return references.size;
}
