import type { RiskSettings, SettingName } from './settings.ts';

/** How far a vulnerability's vector lets it be used over the network, 0 to 1, with the words that say why. */
export interface Remote {
  factor: number;
  reasons: string[];
}

/**
 * Judges a CVSS vector of version 2, 3 or 4 for an attacker who can send requests and holds no account. What is
 * missing from the vector counts as no hindrance.
 */
export function remoteUse(vector: string | undefined, settings: RiskSettings): Remote {
  const metrics = metricsOf(vector);
  if (metrics.size === 0) return judged(['vectorUnknown'], settings);
  const names: SettingName[] = [];
  const attack = metrics.get('AV');
  if (attack === 'L' || attack === 'P') names.push('vectorLocal');
  if (attack === 'A') names.push('vectorAdjacent');
  const privileges = metrics.get('PR') ?? metrics.get('Au');
  if (privileges === 'L' || privileges === 'S') names.push('vectorLowPrivileges');
  if (privileges === 'H' || privileges === 'M') names.push('vectorHighPrivileges');
  const user = metrics.get('UI');
  if (user === 'R' || user === 'A' || user === 'P') names.push('vectorUserInteraction');
  if (metrics.get('AC') === 'H' || metrics.get('AT') === 'P') names.push('vectorHighComplexity');
  names.push(...harm(metrics));
  return judged(names.length === 0 ? ['vectorNetwork'] : names, settings);
}

/** Harm to the component itself: without any to integrity nothing is taken over. */
function harm(metrics: ReadonlyMap<string, string>): SettingName[] {
  const confidentiality = metrics.get('VC') ?? metrics.get('C');
  const integrity = metrics.get('VI') ?? metrics.get('I');
  if (integrity !== 'N') return [];
  return [confidentiality === 'N' ? 'noBreakIn' : 'vectorReadOnly'];
}

const words: Partial<Record<SettingName, string>> = {
  vectorUnknown: 'without a CVSS vector',
  vectorNetwork: 'works over the network without an account',
  vectorLocal: 'needs a local account',
  vectorAdjacent: 'works from the neighbouring network only',
  vectorLowPrivileges: 'needs an account of the application',
  vectorHighPrivileges: 'needs an administrator of the application',
  vectorUserInteraction: 'needs a user to act',
  vectorHighComplexity: 'needs special conditions',
  vectorReadOnly: 'discloses data only',
  noBreakIn: 'harms availability only',
};

function judged(names: readonly SettingName[], { numbers }: RiskSettings): Remote {
  return {
    factor: names.reduce((factor, name) => factor * numbers[name], 1),
    reasons: names.map((name) => words[name] ?? name),
  };
}

function metricsOf(vector: string | undefined): Map<string, string> {
  const metrics = new Map<string, string>();
  for (const part of (vector ?? '').slice(0, 400).split('/')) {
    const colon = part.indexOf(':');
    if (colon > 0 && !part.startsWith('CVSS'))
      metrics.set(part.slice(0, colon).replace('(', ''), part.slice(colon + 1).replace(')', ''));
  }
  return metrics;
}
