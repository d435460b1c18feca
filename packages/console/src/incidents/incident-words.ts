import type { Incident, IncidentEntry, IncidentFact } from '@breakwater/model';

/** How an incident stands. */
export const STATUS_WORDS: Record<Incident['status'], string> = {
  open: 'Open',
  contained: 'Contained',
  expected: 'Expected',
  closed: 'Closed',
};

/** What each thing of an incident is. */
export const ENTRY_WORDS: Record<IncidentEntry['kind'], string> = {
  alert: 'Alert',
  deviation: 'New behaviour',
  prevention: 'Prevented',
  connection: 'Connection',
  context: 'Also',
  response: 'Done',
  feedback: 'Decided',
};

/** What was prevented, and how far. */
export const PREVENTION_WORDS: Record<NonNullable<IncidentEntry['prevention']>, string> = {
  stopped: 'stopped before its effect',
  killed: 'killed after it',
  audited: 'would have been stopped: it was only noted',
};

/** What a fact did to the severity. */
export const EFFECT_WORDS: Record<IncidentFact['effect'], string> = {
  raises: 'Raises it',
  lowers: 'Lowers it',
  none: 'Known of it',
};

/** What was really prevented: what was only noted had its effect. */
export const isPrevented = ({ prevention }: Pick<IncidentEntry, 'prevention'>): boolean =>
  prevention === 'stopped' || prevention === 'killed';

/** Entries that tell of something that was done in a container, of which some may have been prevented. */
export const actsOf = (entries: readonly IncidentEntry[]): IncidentEntry[] =>
  entries.filter(
    ({ kind }) => kind === 'alert' || kind === 'deviation' || kind === 'prevention' || kind === 'connection',
  );

const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });

/** The zone in which times are shown, `UTC` or `GMT+1`: who compares them with a log has to know. */
export function zoneOf(time: string | undefined): string {
  const then = new Date(time ?? '');
  if (Number.isNaN(then.getTime())) return '';
  return zone.formatToParts(then).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
