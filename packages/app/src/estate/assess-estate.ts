import { type RankResult, rank } from '@breakwater/engine/risk';
import {
  type AdvisoryStatus,
  type Finding,
  type PolicyResult,
  type RankedWorkload,
  type SettledVulnerability,
  type Unknown,
  type VulnerabilityMatch,
  workloadId,
  worstSeverity,
} from '@breakwater/model';
import type { AssessedImage, AssessedWorkload, Assessment } from '../assessment/assessment.ts';
import { judgedObjects, underPolicies } from '../clusters/judged-objects.ts';
import { estatesWith } from '../clusters/live-estates.ts';
import { findEverything, runningImages } from '../findings/find-everything.ts';
import type { GatheredFacts } from './gather-facts.ts';
import { imageFacts } from './image-facts.ts';
import { judgeObject, summarisePolicies } from './judge-policies.ts';
import { phaseMarks } from './phase-marks.ts';
import type { PolicySet } from './policy-set.ts';
import { prepareFixes } from './prepare-fixes.ts';
import { timelineOf } from './timeline.ts';

export interface AssessOptions {
  /** As given. */
  paths: string[];
  policySet: PolicySet;
  advisories: AdvisoryStatus;
  /** Unknowns of the reading. */
  unknowns: Unknown[];
}

/** Judges what was gathered: ranks it, finds what policies and advisories say, and prepares the fixes. */
export function assessEstate(
  gathered: GatheredFacts,
  { paths, policySet, advisories, unknowns }: AssessOptions,
): Assessment {
  const { now } = policySet;
  const ranked = rank(gathered.facts, { time: now, now });
  const results = judgeEverything(gathered, policySet, unknowns);
  const findings = findEverything(gathered, ranked, results, policySet);
  const workloads = assessWorkloads(gathered, ranked, findings);
  const fixes = prepareFixes(ranked, gathered.facts);
  return {
    time: now,
    paths,
    workloads,
    images: assessImages(gathered, ranked, findings),
    findings,
    fixes,
    policies: summarisePolicies(policySet.policies, results),
    running: { observed: gathered.observed.size, alerts: gathered.alerts.length },
    unreadImages: countUnreadImages(gathered),
    ranking: {
      ...ranked.ranking,
      workloads: workloads.map((entry) => entry.ranked),
      fixes: fixes.map((entry) => entry.fix),
      unknowns: [...unknowns, ...gathered.unknowns, ...ranked.ranking.unknowns],
      advisories,
    },
  };
}

/** Objects in the deploy phase, images in the build phase. */
function judgeEverything(
  { facts, judged, clusters }: GatheredFacts,
  set: PolicySet,
  unknowns: readonly Unknown[],
): PolicyResult[] {
  const exposures = Map.groupBy(facts.reachability.exposures, (exposure) => exposure.workload);
  const { workloads, identity, reachability } = facts;
  const known = { workloads, identity, reachability };
  const estates = estatesWith(facts.objects, clusters, unknowns, known);
  const imagesOf = imageFacts(facts.objects, [...judged.values()], set);
  const own = judgedObjects(facts.objects);
  const objects = [...underPolicies(own, set, 'deploy')].flatMap(([entry, policies]) => {
    const id = workloadId(entry);
    /* Of Kubernetes’ own kinds the estate tells it, with what is not known. */
    const exposure = entry.translation === undefined ? undefined : (exposures.get(id) ?? []);
    const estate = estates.get(entry.cluster);
    const surroundings = { exposure, estate, images: imagesOf(id), makers: own.makersOf(entry) };
    return judgeObject(entry, 'deploy', policies, surroundings);
  });
  return [...objects, ...[...judged.values()].flatMap(({ results }) => results)];
}

function assessWorkloads(gathered: GatheredFacts, ranked: RankResult, findings: Finding[]): AssessedWorkload[] {
  const { facts } = gathered;
  const byWorkload = Map.groupBy(findings, (finding) => finding.workload ?? '');
  const byId = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const exposures = Map.groupBy(facts.reachability.exposures, (exposure) => exposure.workload);
  const unknowns = Map.groupBy(gathered.unknowns, (unknown) => unknown.subject ?? '');
  return ranked.ranking.workloads.flatMap((entry, index): AssessedWorkload[] => {
    const workload = byId.get(entry.id);
    if (!workload) return [];
    const own = byWorkload.get(entry.id) ?? [];
    return [
      {
        workload,
        ranked: complete(entry, own, unknowns, gathered.observed.has(entry.id)),
        rank: index + 1,
        exposures: exposures.get(entry.id) ?? [],
        attack: ranked.attackView(entry.id),
        timeline: timelineOf(own, facts.images.get(entry.id) ?? [], facts.evidence),
        quiet: ranked.quietReasonsOf(entry.id),
      },
    ];
  });
}

/** Adds to a ranked workload what its images leave open, and the marks of the phases. */
function complete(
  entry: RankedWorkload,
  findings: Finding[],
  unknowns: ReadonlyMap<string, Unknown[]>,
  observed: boolean,
): RankedWorkload {
  const subjects = new Set(entry.images.map(({ reference, image }) => image ?? reference));
  const open = [...subjects].flatMap((subject) => unknowns.get(subject) ?? []);
  return {
    ...entry,
    phases: phaseMarks(entry, findings, observed),
    unknowns: [...entry.unknowns, ...open.map(({ message }) => message)],
  };
}

function assessImages({ facts, judged }: GatheredFacts, ranked: RankResult, findings: Finding[]): AssessedImage[] {
  const running = runningImages(facts);
  const losses = new Map(ranked.ranking.workloads.map(({ id, loss }) => [id, loss]));
  const byImage = Map.groupBy(findings, (finding) => finding.image ?? '');
  return [...judged.values()].map(({ image, matches, settled = [], evidence }) => ({
    image,
    evidence: Object.fromEntries(evidence),
    affected: countByComponent(matches),
    workloads: [...(running.get(image.id) ?? [])].map((id) => ({ id, loss: losses.get(id) ?? 0 })),
    quiet: [...countReasons(byImage.get(image.id) ?? []), ...countSettled(settled)],
  }));
}

function countByComponent(matches: VulnerabilityMatch[]): AssessedImage['affected'] {
  return Object.fromEntries(
    [...Map.groupBy(matches, (match) => match.component)].map(([id, own]) => {
      const worst = worstSeverity(own.map((match) => match.severity)) ?? 'unknown';
      return [id, { vulnerabilities: own.length, worst }];
    }),
  );
}

/** Why vulnerabilities do not matter, by number, the most frequent reason first. */
function countReasons(findings: Finding[]): AssessedImage['quiet'] {
  const quiet = findings.filter((finding) => finding.kind === 'vulnerability' && !finding.matters);
  return [...Map.groupBy(quiet, (finding) => finding.why)]
    .map(([reason, about]) => ({ reason, count: about.length }))
    .sort((a, b) => b.count - a.count);
}

/** What VEX documents settle is no finding; it is counted with who settled it. */
function countSettled(settled: SettledVulnerability[]): AssessedImage['quiet'] {
  return [...Map.groupBy(settled, ({ by }) => by.author)].map(([author, own]) => ({
    reason: `settled by VEX of ${author}`,
    count: own.length,
  }));
}

/** Images that workloads name and that were not given, or not read whole. Packages without advisories are another matter. */
function countUnreadImages({ facts }: GatheredFacts): number {
  const references = new Set<string>();
  for (const list of facts.images.values()) {
    for (const { reference, image } of list) {
      if (!image || image.unknowns.some(({ code }) => code !== 'component-unmatched')) references.add(reference);
    }
  }
  return references.size;
}
