import { supportOf } from '@breakwater/engine/inventory';
import {
  evaluatePolicies,
  type PolicySubject,
  type VulnerabilityFact,
  vulnerabilityFact,
} from '@breakwater/engine/policy';
import {
  type ComponentEvidence,
  type Image,
  originOf,
  type PolicyResult,
  type SettledVulnerability,
  type VulnerabilityMatch,
} from '@breakwater/model';
import type { OpenedLookup } from '../advisories/open-lookup.ts';
import { matchImage } from './match-image.ts';
import type { PolicySet } from './policy-set.ts';

/** Everything that was concluded about an image: all formats and findings are made from it. */
export interface JudgedImage {
  /** With every unknown about it among its own: what could not be read, and what could not be matched. */
  image: Image;
  matches: VulnerabilityMatch[];
  /** What VEX documents in force settle: policies do not see it. Absent where there is nothing. */
  settled?: SettledVulnerability[];
  /** By component id. */
  evidence: ReadonlyMap<string, ComponentEvidence>;
  results: PolicyResult[];
}

const NO_EVIDENCE: ReadonlyMap<string, ComponentEvidence> = new Map();

/** Matches an image and judges it in the build phase. */
export function judgeImage(
  image: Image,
  advisories: OpenedLookup,
  set: PolicySet,
  evidence: ReadonlyMap<string, ComponentEvidence> = NO_EVIDENCE,
): JudgedImage {
  const { matches: found, settled, unknowns } = matchImage(image, advisories);
  const matches = withOrigins(found, image);
  const support = supportOf(image, set.now);
  const whole = { ...image, support, unknowns: [...image.unknowns, ...unknowns] };
  const results = judge(whole, matches, evidence, set);
  return { image: whole, matches, evidence, results, ...(settled.length > 0 ? { settled } : {}) };
}

/** Says of each match where in the image its component came from. */
function withOrigins(matches: VulnerabilityMatch[], image: Image): VulnerabilityMatch[] {
  const components = new Map(image.components.map((component) => [component.id, component]));
  return matches.map((match) => {
    const origin = originOf(image, components.get(match.component) ?? {});
    return origin === undefined ? match : { ...match, origin };
  });
}

/**
 * Policies on what is known. Where something could not be read or matched, a policy on vulnerabilities that what is
 * known does not fail is unknown.
 */
function judge(
  image: Image,
  matches: VulnerabilityMatch[],
  evidence: ReadonlyMap<string, ComponentEvidence>,
  set: PolicySet,
): PolicyResult[] {
  const vulnerabilities = vulnerabilityFacts({ matches, evidence }, set);
  const subject: PolicySubject = { id: image.id, image, place: { source: image.target } };
  const evaluate = (facts: PolicySubject) => evaluatePolicies(set.policies, facts, 'build', set.exceptions, set.now);
  const known = evaluate({ ...subject, vulnerabilities });
  if (image.unknowns.length === 0) return known;
  const settled = new Set(known.filter((result) => result.verdict !== 'pass').map((result) => result.policy));
  const undecided = evaluate(subject).filter((result) => result.verdict === 'unknown' && !settled.has(result.policy));
  const open = new Set(undecided.map((result) => result.policy));
  return [...known.filter((result) => !open.has(result.policy)), ...undecided];
}

/** What policies may ask of the vulnerabilities of an image. */
export const vulnerabilityFacts = (
  { matches, evidence }: Pick<JudgedImage, 'matches' | 'evidence'>,
  set: PolicySet,
): VulnerabilityFact[] => matches.map((match) => factOf(match, evidence, set));

function factOf(
  match: VulnerabilityMatch,
  evidence: ReadonlyMap<string, ComponentEvidence>,
  { catalogueImported }: PolicySet,
): VulnerabilityFact {
  const known = evidence.get(match.component);
  return vulnerabilityFact(match, { catalogueImported, ...(known ? { evidence: known } : {}) });
}
