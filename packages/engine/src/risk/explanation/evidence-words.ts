import type { ComponentEvidence, VulnerabilityMatch } from '@breakwater/model';

const units = [
  { name: 'day', minutes: 24 * 60 },
  { name: 'h', minutes: 60 },
  { name: 'min', minutes: 1 },
];

/** "3 min ago", "2 days ago"; undefined where one of the two is no time or `time` lies ahead. */
export function ago(time: string, now: string): string | undefined {
  const minutes = Math.floor((Date.parse(now) - Date.parse(time)) / 60_000);
  if (!(minutes >= 0)) return undefined;
  const unit = units.find((each) => minutes >= each.minutes) ?? units.at(-1)!;
  const count = Math.floor(minutes / unit.minutes);
  return `${count} ${unit.name}${unit.name === 'day' && count !== 1 ? 's' : ''} ago`;
}

/** "loaded 3 min ago", "executed", "not seen in 14 days"; undefined where nothing was observed. */
export function evidenceWords(evidence: ComponentEvidence | undefined, now: string | undefined): string | undefined {
  if (evidence === undefined || evidence.state === 'cannot-tell') return undefined;
  if (evidence.state === 'not-seen') return `not seen in ${Math.floor(evidence.observedDays)} days`;
  const when = now === undefined || evidence.lastSeen === undefined ? undefined : ago(evidence.lastSeen, now);
  return when === undefined ? evidence.state : `${evidence.state} ${when}`;
}

/** "known exploited", "EPSS 42 %"; undefined where nobody knows of use. */
export function exploitationWords({ exploitation }: VulnerabilityMatch): string | undefined {
  if (exploitation.knownExploitedSince !== undefined) return 'known exploited';
  if (exploitation.epss === undefined) return undefined;
  const percent = exploitation.epss * 100;
  return `EPSS ${percent >= 10 ? Math.round(percent) : percent.toFixed(1)} %`;
}
