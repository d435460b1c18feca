import { withImageUsers } from '@breakwater/engine/inventory';
import { gate } from '@breakwater/engine/policy';
import {
  SCHEMA_VERSION,
  type ScannedReport,
  type ScannedRuntime,
  type ScannedTarget,
  type ScanReport,
  type Unknown,
  type Verdict,
  type VulnerabilityMatch,
  workloadId,
} from '@breakwater/model';
import type { KeptTexts } from '@breakwater/sources/manifests';
import { builtInPolicies } from '@breakwater/sources/policies';
import { openLookup } from '../advisories/open-lookup.ts';
import { judgedObjects, underPolicies } from '../clusters/judged-objects.ts';
import { imageFacts } from '../estate/image-facts.ts';
import { type JudgedImage, judgeImage } from '../estate/judge-image.ts';
import { judgeObject } from '../estate/judge-policies.ts';
import { openPolicySet, type PolicySet } from '../estate/policy-set.ts';
import type { EstateReading } from '../estate/read-estate.ts';
import { type JoinedReport, joinReports } from '../reports/join-reports.ts';
import type { InProduction } from './in-production.ts';
import type { ScanOptions } from './scan-options.ts';

/** A report with the judged images themselves, for formats that list components. */
export interface Scan {
  report: ScanReport;
  images: JudgedImage[];
  reports: JoinedReport[];
  /** For the lines and columns of what will be shown. */
  texts?: KeptTexts | undefined;
}

/** Reads what every judgement needs, and gives the one that judges what was read. */
export function openJudge(): (reading: EstateReading, options: ScanOptions) => Promise<Scan> {
  const ours = builtInPolicies();
  return async (reading, options) => {
    const { state, now, signal, policies = [], vex = [] } = options;
    const advisories = await openLookup(state, reading.advisoryFiles, signal, [...reading.vexFiles, ...vex]);
    try {
      const named = [...reading.policyFiles, ...policies];
      const { policySet, unknowns } = await openPolicySet(named, now, advisories.status, ours, options);
      const production = new Map(
        reading.observations.length === 0 ? [] : (await import('./in-production.ts')).inProduction(reading, now),
      );
      const judged = reading.images.map((image) =>
        judgeImage(image, advisories, policySet, production.get(image.id)?.evidence),
      );
      const { judged: images, reports } = joinReports(judged, reading.reports);
      const scanned = [
        ...images.map((image) => scannedImage(image, production.get(image.image.id))),
        ...(await scanManifests(reading, policySet, images)),
      ];
      const left = [...reading.unknowns, ...advisories.unknowns, ...unknowns];
      const verdict = worstVerdict(scanned, left);
      const report: ScanReport = {
        schemaVersion: SCHEMA_VERSION,
        time: now,
        verdict,
        targets: scanned,
        ...(reports.length > 0 ? { reports: reports.map(scannedReport) } : {}),
        unknowns: left,
        advisories: advisories.status,
      };
      return { images, report, reports, texts: reading.texts };
    } finally {
      advisories.close();
    }
  };
}

function scannedImage({ image, matches, settled, results }: JudgedImage, ran?: InProduction): ScannedTarget {
  const { components, unknowns, ...about } = image;
  return {
    target: image.target,
    kind: 'image',
    verdict: gate(results, 'build').verdict,
    image: about,
    items: components.length,
    ...(ran && { runtime: runtimeOf(ran, matches) }),
    vulnerabilities: matches.toSorted(compareUrgency),
    ...(settled ? { settled } : {}),
    policies: results.filter((result) => result.verdict !== 'pass'),
    unknowns,
  };
}

/** What ran, of components with vulnerabilities alone: those are what a gate is about. */
function runtimeOf({ evidence, ...runtime }: InProduction, matches: readonly VulnerabilityMatch[]): ScannedRuntime {
  const vulnerable = new Set(matches.map(({ component }) => component));
  return { ...runtime, components: Object.fromEntries([...evidence].filter(([id]) => vulnerable.has(id))) };
}

function scannedReport({ report, own, joined }: JoinedReport): ScannedReport {
  const { unknowns, ...read } = report;
  const alone = new Set(own.map(({ finding }) => finding));
  return {
    ...read,
    findings: read.findings.map((finding) => ({ ...finding, foundHere: !alone.has(finding) })),
    joined,
  };
}

/**
 * One target for each file that defines objects, and for each cluster; what surrounds an object is looked for in all of
 * them. What a cluster holds already runs: it is judged in that phase.
 */
async function scanManifests(
  reading: EstateReading,
  set: PolicySet,
  judged: readonly JudgedImage[],
): Promise<ScannedTarget[]> {
  if (reading.objects.length === 0) return [];
  const { clusters } = reading;
  const objects = withImageUsers(reading.objects, reading.images, reading.dockerfiles);
  const { estatesWith } = await import('../clusters/live-estates.ts');
  const estates = estatesWith(objects, clusters, reading.unknowns);
  const imagesOf = imageFacts(objects, judged, set);
  const left = judgedObjects(objects);
  const { makersOf } = left;
  return [...Map.groupBy(left.judged, (entry) => entry.place.source)].map(([target, own]) => {
    const phase = own[0]?.live ? 'run' : 'build';
    const made = left.made.filter(([entry]) => entry.place.source === target);
    const policies = [...underPolicies({ ...left, judged: own, made }, set, phase)].flatMap(([entry, inForce]) =>
      judgeObject(entry, phase, inForce, {
        estate: estates.get(entry.cluster),
        images: imagesOf(workloadId(entry)),
        makers: makersOf(entry),
        faultsOnly: true,
      }),
    );
    return {
      target,
      kind: 'manifests',
      verdict: gate(policies, phase).verdict,
      items: own.length,
      vulnerabilities: [],
      policies,
      unknowns: [],
    };
  });
}

/** Used by attackers first, then the likeliest to be, then the worst. */
function compareUrgency(a: VulnerabilityMatch, b: VulnerabilityMatch): number {
  const known =
    Number(b.exploitation.knownExploitedSince !== undefined) - Number(a.exploitation.knownExploitedSince !== undefined);
  const epss = (b.exploitation.epss ?? 0) - (a.exploitation.epss ?? 0);
  return known || epss || (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1);
}

/** Fail before unknown before pass. What could not be read was not judged, and nothing at all is no pass either. */
function worstVerdict(scanned: ScannedTarget[], unknowns: Unknown[]): Verdict {
  if (scanned.some((target) => target.verdict === 'fail')) return 'fail';
  const undecided = scanned.length === 0 || scanned.some((target) => target.verdict === 'unknown');
  return undecided || unknowns.some(isUnread) ? 'unknown' : 'pass';
}

/** Told, but judged all the same: patches are completed elsewhere, and of two equal keys an API server takes the last. */
const NOTES = new Set([
  // Of reports: no verdict hangs on what they tell.
  'report-checks-undecided',
  'report-entries-unread',
  'report-entry-unread',
  'report-findings-left',
  'report-tool-errors',
  'exception-idle',
  // No policy judges the names of secrets.
  'cluster-secrets-unread',
  'manifest-fragment',
  'yaml-duplicate-key',
  'policy-not-in-force',
  // A part of a service, completed elsewhere; and what policies that need it leave undecided themselves.
  'service-incomplete',
  'variable-unset',
  'vex-incomplete',
  'vex-not-in-force',
  'wall-limited',
]);

function isUnread({ code }: Unknown): boolean {
  return !NOTES.has(code);
}
