import type { ComponentEvidence, VulnerabilityMatch } from '@breakwater/model';

/** Why a vulnerability stays quiet, as phrases people read. The first that holds, from the top, is the reason. */
export const quietReasons = {
  unused: 'no workload here runs the image',
  unreachable: 'no attacker gets to the workload',
  notSeen: 'the component was not seen running or loaded in complete days of observation',
  local: 'needs access to the machine first',
  harmless: 'harms availability only',
  unlikely: 'no known use by attackers and a low EPSS',
  little: 'attackers seldom come this far, or what it opens is worth little',
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

/** Why a vulnerability does not matter in a workload; `reached` tells whether any attacker stands before it. */
export function quietReason(
  match: VulnerabilityMatch,
  evidence: ComponentEvidence | undefined,
  reached: boolean,
): string {
  if (!reached) return quietReasons.unreachable;
  if (evidence?.state === 'not-seen') return quietReasons.notSeen;
  if (needsMachine(match.cvss)) return quietReasons.local;
  if (availabilityOnly(match.cvss)) return quietReasons.harmless;
  return isUnlikely(match) ? quietReasons.unlikely : quietReasons.little;
}
