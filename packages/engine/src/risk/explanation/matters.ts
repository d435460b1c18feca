import type { AttackEdge, QuietReason, VulnerabilityMatch } from '@breakwater/model';
import { type EstateFacts, exploitOf, nodeId } from '../graph/index.ts';
import type { Simulation } from '../simulation/index.ts';
import { quietReason, quietReasons } from './quiet-reason.ts';

/**
 * Points of expected loss from which on a vulnerability matters: how often an attacker stands before the container,
 * times the odds that this flaw alone lets him in, times the value reachable from there. A twentieth of what an unmarked
 * workload is worth.
 */
export const MATTERS_FROM = 0.25;

/** Key of a vulnerability of a component, in a workload or in an image. */
export function matterKey(subject: string, component: string, vulnerability: string): string {
  return `${subject}\n${component}\n${vulnerability}`;
}

/** Which vulnerabilities matter where, and why the others do not. */
export interface Matters {
  /** `matterKey` of each that matters, for its workload and for its image. */
  keys: Set<string>;
  /** Pairs of component and vulnerability over all workloads. */
  total: number;
  matter: number;
  quiet: QuietReason[];
  countsOf(workload: string): { total: number; matter: number };
  /** Why a vulnerability does not matter in a workload, or in any workload of an image; empty where it matters. */
  quietReasonOf(subject: string, component: string, vulnerability: string): string;
  quietReasonsOf(workload: string): QuietReason[];
}

/** One workload's count. */
interface Count {
  total: number;
  matter: number;
  quiet: Map<string, number>;
}

/** Judges vulnerabilities, with what is looked up more than once. */
class Judge {
  private readonly facts: EstateFacts;
  private readonly simulation: Simulation;
  private readonly impactOf: (node: string) => number;
  private readonly doors: Map<string, AttackEdge[]>;

  constructor(facts: EstateFacts, simulation: Simulation, impactOf: (node: string) => number) {
    this.facts = facts;
    this.simulation = simulation;
    this.impactOf = impactOf;
    const exploits = simulation.graph.edges.filter((edge) => edge.kind === 'exploit');
    this.doors = Map.groupBy(exploits, (edge) => edge.from);
  }

  /** How often an attacker stands before a container that listens, 0 to 1. */
  odds(workload: string, container: string): number {
    const door = nodeId.door(workload, container);
    const listens = this.doors.get(door)?.[0]?.probability ?? 0;
    return this.simulation.probabilityOf(door) * listens;
  }

  /** Points that stand on one flaw of a container before which attackers stand so often. */
  points(workload: string, image: string, match: VulnerabilityMatch, odds: number): number {
    const evidence = this.facts.evidence.get(image)?.get(match.component);
    const { shared, local } = exploitOf(match, evidence, this.facts.settings);
    return odds * shared * local * this.impactOf(nodeId.workload(workload));
  }

  reason(image: string, match: VulnerabilityMatch, odds: number): string {
    return quietReason(match, this.facts.evidence.get(image)?.get(match.component), odds > 0);
  }
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function counted(reasons: ReadonlyMap<string, number>): QuietReason[] {
  return [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .sort((left, right) => right.count - left.count || (left.reason < right.reason ? -1 : 1));
}

/** Images of a workload, each once, with how often attackers stand before the likeliest of its containers. */
function imagesOf(facts: EstateFacts, judge: Judge, workload: string): Map<string, number> {
  const images = new Map<string, number>();
  for (const { container, image } of facts.images.get(workload) ?? []) {
    if (image === undefined) continue;
    images.set(image.id, Math.max(images.get(image.id) ?? 0, judge.odds(workload, container)));
  }
  return images;
}

/**
 * Judges every pair of component and vulnerability of every workload: one matters when it stands for `MATTERS_FROM`
 * points or more by itself. All others get the reason why they do not.
 */
export function mattersIn(facts: EstateFacts, simulation: Simulation, impactOf: (node: string) => number): Matters {
  const judge = new Judge(facts, simulation, impactOf);
  const keys = new Set<string>();
  const reasons = new Map<string, string>();
  const counts = new Map<string, Count>();
  const count = (workload: string, own: Count, image: string, match: VulnerabilityMatch, odds: number): void => {
    const here = matterKey(workload, match.component, match.id);
    const ofImage = matterKey(image, match.component, match.id);
    own.total++;
    if (judge.points(workload, image, match, odds) >= MATTERS_FROM) {
      own.matter++;
      keys.add(here).add(ofImage);
      return;
    }
    const reason = judge.reason(image, match, odds);
    raise(own.quiet, reason);
    reasons.set(here, reason);
    if (reason !== quietReasons.unreachable || !reasons.has(ofImage)) reasons.set(ofImage, reason);
  };
  for (const workload of facts.images.keys()) {
    const own: Count = { total: 0, matter: 0, quiet: new Map() };
    counts.set(workload, own);
    for (const [image, odds] of imagesOf(facts, judge, workload)) {
      for (const match of facts.vulnerabilities.get(image) ?? []) count(workload, own, image, match, odds);
    }
  }
  return result(keys, reasons, counts);
}

function result(keys: Set<string>, reasons: Map<string, string>, counts: Map<string, Count>): Matters {
  const quiet = new Map<string, number>();
  let total = 0;
  let matter = 0;
  for (const own of counts.values()) {
    total += own.total;
    matter += own.matter;
    for (const [reason, number] of own.quiet) quiet.set(reason, (quiet.get(reason) ?? 0) + number);
  }
  return {
    keys,
    total,
    matter,
    quiet: counted(quiet),
    countsOf: (workload) => ({ total: counts.get(workload)?.total ?? 0, matter: counts.get(workload)?.matter ?? 0 }),
    quietReasonOf: (subject, component, vulnerability) => {
      const key = matterKey(subject, component, vulnerability);
      return keys.has(key) ? '' : (reasons.get(key) ?? quietReasons.unused);
    },
    quietReasonsOf: (workload) => counted(counts.get(workload)?.quiet ?? new Map()),
  };
}
