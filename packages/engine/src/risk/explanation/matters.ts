import type { ComponentEvidence, QuietReason, VulnerabilityMatch } from '@breakwater/model';
import type { EstateFacts } from '../graph/index.ts';
import type { Simulation } from '../simulation/index.ts';
import { causeOdds } from './odds.ts';

/**
 * Points of expected loss from which on a vulnerability matters: how often an attacker stands before it, times the odds
 * that it opens the step, times the value reachable from there. A fiftieth of what an unmarked workload is worth.
 */
export const MATTERS_FROM = 0.1;

/** Key of a vulnerability of a component, in a workload or in an image. */
export function matterKey(subject: string, component: string, vulnerability: string): string {
  return `${subject}\n${component}\n${vulnerability}`;
}

/** Why a vulnerability stays quiet, as phrases people read; the first that holds is the reason. */
export const quietReasons = {
  unused: 'no workload here runs the image',
  unreachable: 'no attacker gets to the workload',
  notSeen: 'the component was not seen running or loaded in complete days of observation',
  local: 'needs access to the machine first',
  harmless: 'harms availability only',
  unlikely: 'no known use by attackers and a low EPSS',
  worse: 'a likelier vulnerability of the same component stands for it',
  little: 'what it would open here is worth little',
} as const;

/** EPSS below which use is unlikely: nine of ten CVEs lie below. */
const LOW_EPSS = 0.02;

function needsMachine(cvss: string | undefined): boolean {
  return cvss !== undefined && /(?:^|\/)AV:[LP](?:\/|$)/.test(cvss);
}

function availabilityOnly(cvss: string | undefined): boolean {
  if (cvss === undefined) return false;
  return cvss.startsWith('CVSS:4') ? /\/VC:N\/VI:N\//.test(cvss) : /\/C:N\/I:N\//.test(cvss);
}

function isUnlikely({ exploitation }: VulnerabilityMatch): boolean {
  return exploitation.knownExploitedSince === undefined && (exploitation.epss ?? 0) < LOW_EPSS;
}

/** Which vulnerabilities matter where, and why the others do not. */
export interface Matters {
  /** `matterKey` of each that matters, for its workload and for its image. */
  keys: Set<string>;
  total: number;
  matter: number;
  /** Pairs of component and vulnerability of one workload. */
  countsOf(workload: string): { total: number; matter: number };
  quiet: QuietReason[];
  /** Why a vulnerability does not matter in a workload, or in any workload of an image; empty where it matters. */
  quietReasonOf(subject: string, component: string, vulnerability: string): string;
  quietReasonsOf(workload: string): QuietReason[];
}

/** How often an attacker stands before a container that listens, by `workload container`. */
function doorOdds({ graph, probabilityOf }: Simulation, workload: string, container: string): number {
  void graph;
  return probabilityOf(nodeId.door(workload, container));
}

function reasonFor(
  match: VulnerabilityMatch,
  evidence: ComponentEvidence | undefined,
  reached: boolean,
  used: boolean,
): string {
  if (!reached) return quietReasons.unreachable;
  if (evidence?.state === 'not-seen') return quietReasons.notSeen;
  if (needsMachine(match.cvss)) return quietReasons.local;
  if (availabilityOnly(match.cvss)) return quietReasons.harmless;
  if (isUnlikely(match)) return quietReasons.unlikely;
  return used ? quietReasons.little : quietReasons.worse;
}

function counted(reasons: Map<string, number>): QuietReason[] {
  return [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .sort((left, right) => right.count - left.count || (left.reason < right.reason ? -1 : 1));
}

function raise<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/**
 * Judges every pair of component and vulnerability of every workload. One matters when some step into or out of its
 * workload can be made by it and stands for `MATTERS_FROM` points or more.
 */
export function mattersIn(facts: EstateFacts, simulation: Simulation, impactOf: (node: string) => number): Matters {
  const points = weighCauses(simulation, impactOf);
  const stood = standsBefore(simulation);
  const keys = new Set<string>();
  const reasons = new Map<string, string>();
  const byWorkload = new Map<string, { total: number; matter: number; quiet: Map<string, number> }>();
  const quiet = new Map<string, number>();
  const result = { total: 0, matter: 0 };
  for (const [workload, images] of facts.images) {
    const own = { total: 0, matter: 0, quiet: new Map<string, number>() };
    byWorkload.set(workload, own);
    const seen = new Set<string>();
    for (const { image } of images) {
      if (image === undefined) continue;
      for (const match of facts.vulnerabilities.get(image.id) ?? []) {
        const key = matterKey(workload, match.component, match.id);
        const ofImage = matterKey(image.id, match.component, match.id);
        if (seen.has(ofImage)) continue;
        seen.add(ofImage);
        own.total++;
        const weight = points.get(key);
        if (weight !== undefined && weight >= MATTERS_FROM) {
          own.matter++;
          keys.add(key).add(ofImage);
          continue;
        }
        const evidence = facts.evidence.get(image.id)?.get(match.component);
        const reason = reasonFor(match, evidence, stood.has(workload), weight !== undefined);
        raise(own.quiet, reason);
        reasons.set(key, reason);
        raise(quiet, reason);
        if (reasons.get(ofImage) === undefined || reason !== quietReasons.unreachable) reasons.set(ofImage, reason);
      }
    }
    result.total += own.total;
    result.matter += own.matter;
  }
  return {
    ...result,
    keys,
    quiet: counted(quiet),
    countsOf: (workload) => {
      const { total, matter } = byWorkload.get(workload) ?? { total: 0, matter: 0 };
      return { total, matter };
    },
    quietReasonOf: (subject, component, vulnerability) => {
      const key = matterKey(subject, component, vulnerability);
      return keys.has(key) ? '' : (reasons.get(key) ?? quietReasons.unused);
    },
    quietReasonsOf: (workload) => counted(byWorkload.get(workload)?.quiet ?? new Map()),
  };
}

/** Workloads before which an attacker stands in some world: some edge into them begins at what has fallen. */
function standsBefore(simulation: Simulation): Set<string> {
  const stood = new Set<string>();
  for (const edge of simulation.graph.edges) {
    if (edge.to.startsWith('workload:') && simulation.probabilityOf(edge.from) > 0) {
      stood.add(edge.to.slice('workload:'.length));
    }
  }
  return stood;
}
