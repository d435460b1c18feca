import { gate } from '@breakwater/engine/policy';
import {
  type Image,
  type KnownImage,
  type VulnerabilityFigures,
  type VulnerabilityMatch,
  worstSeverity,
} from '@breakwater/model';
import type { OpenedLookup } from '../advisories/open-lookup.ts';
import { judgeImage } from '../estate/judge-image.ts';
import type { PolicySet } from '../estate/policy-set.ts';
import { vulnerabilityKeys } from '../findings/vulnerability-findings.ts';
import { type JudgedInventory, stampOf } from './registry-store.ts';

/** By what images are judged: the same for all of one run. */
export interface Bench {
  advisories: OpenedLookup;
  policySet: PolicySet;
}

/** Judges an image as it was read; `readAt` is when. Nothing is asked of its registry. */
export function judgeInventory(image: Image, { advisories, policySet }: Bench, readAt: string): JudgedInventory {
  const judged = judgeImage(image, advisories, policySet);
  const { matches } = judged;
  const worst = worstSeverity(matches.map(({ severity }) => severity));
  const { distribution, config, platform } = image;
  const endOfLife = judged.image.support?.find(({ subject }) => subject === 'distribution')?.end;
  const known: KnownImage = {
    id: image.id,
    ...(distribution ? { distribution: distribution.name } : {}),
    ...(endOfLife ? { endOfLife } : {}),
    ...(config?.created ? { created: config.created } : {}),
    ...(platform ? { platform: [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/') } : {}),
    layers: image.layers.length,
    components: image.components.length,
    unknowns: judged.image.unknowns.length,
    vulnerabilities: figuresOf(matches),
    ...(worst ? { worst } : {}),
    verdict: gate(judged.results, 'build').verdict,
    readAt,
    judgedAt: policySet.now,
  };
  return {
    known,
    image: judged.image,
    matches,
    findings: vulnerabilityKeys(image, matches).map((key, index) => {
      const { id, severity } = matches[index] as VulnerabilityMatch;
      return { key, rule: id, severity };
    }),
    advisories: stampOf(advisories.status),
  };
}

function figuresOf(matches: VulnerabilityMatch[]): VulnerabilityFigures {
  const count = (holds: (match: VulnerabilityMatch) => boolean) => matches.filter(holds).length;
  return {
    total: matches.length,
    critical: count(({ severity }) => severity === 'critical'),
    high: count(({ severity }) => severity === 'high'),
    fixable: count(({ fixedVersion }) => fixedVersion !== undefined),
    exploited: count(({ exploitation }) => exploitation.knownExploitedSince !== undefined),
  };
}
