import type { Incident, IncidentEntry, IncidentSummary } from '@breakwater/model';
import { adviseOn } from './advise.ts';
import { countingOf, deedMark, isCounting, judgeSeverity } from './judge-severity.ts';
import { compareWeight } from './keep-sign.ts';
import type { IncidentState, KeptEntry } from './state.ts';
import { processesOf } from './tell-processes.ts';

/** An incident as it is read: what, where, why it matters here, how sure, and what to do. */
export function tellIncident(state: IncidentState): Incident {
  const { initial, severity, facts } = judgeSeverity(state);
  const { processes, idOf } = processesOf(state);
  const sorted = withoutRepeats(state.entries).sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.mark < b.mark ? -1 : 1,
  );
  const techniques = state.entries.filter(isCounting).flatMap((entry) => entry.techniques);
  return {
    id: state.id,
    title: titleOf(state),
    subjects: subjectsOf(state),
    severity,
    initialSeverity: initial,
    facts,
    status: state.status,
    first: state.first,
    last: state.last,
    processes,
    entries: sorted.map((entry) => asEntry(entry, idOf)),
    techniques: [...new Set(techniques)].sort(),
    confidence: confidenceOf(state),
    advice: adviseOn(state),
    unknowns: unknownsOf(state),
    feedback: state.feedback,
    more: Math.max(0, state.signs - keptSigns(state)),
  };
}

/** The line of a list that an incident is. */
export function summariseIncident(incident: Incident): IncidentSummary {
  const { id, title, subjects, severity, status, first, last, techniques, entries, more } = incident;
  const prevented = entries.filter(({ prevention }) => prevention === 'stopped' || prevention === 'killed').length;
  return { id, title, subjects, severity, status, first, last, techniques, entries: entries.length + more, prevented };
}

const keptSigns = ({ entries }: IncidentState): number =>
  entries.reduce((sum, { kind, count }) => sum + (isHuman(kind) ? 0 : count), 0);

const isHuman = (kind: KeptEntry['kind']): boolean => kind === 'response' || kind === 'feedback';

/** Without what only says again what another entry says: the sensor of a deed beside a policy, a policy that only audits beside the sensor. */
function withoutRepeats(entries: readonly KeptEntry[]): KeptEntry[] {
  const of = (kind: KeptEntry['kind']): Set<string> =>
    new Set(entries.filter((entry) => entry.kind === kind && entry.prevention !== undefined).map(deedMark));
  const [alerts, preventions] = [of('alert'), of('prevention')];
  return entries.filter((entry) => {
    if (entry.kind === 'prevention') return !alerts.has(deedMark(entry));
    return entry.kind !== 'context' || !preventions.has(deedMark(entry));
  });
}

function asEntry(entry: KeptEntry, idOf: ReadonlyMap<string, string>): IncidentEntry {
  const { time, kind, sentence, subject, policy, behaviour, key, surprise, techniques, prevention, count } = entry;
  const process = entry.process === undefined ? undefined : idOf.get(entry.process);
  return {
    time,
    kind,
    sentence,
    subject,
    techniques,
    count,
    ...(process !== undefined && { process }),
    ...(policy !== undefined && { policy }),
    ...(behaviour !== undefined && { behaviour }),
    ...(key !== undefined && { key }),
    ...(surprise !== undefined && { surprise }),
    ...(prevention !== undefined && { prevention }),
  };
}

/** Whoever it began with first. */
function subjectsOf({ subjects }: IncidentState): string[] {
  return subjects
    .toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** What was the gravest, and where. */
function titleOf(state: IncidentState): string {
  const counting = countingOf(state.entries).sort(compareWeight);
  const [gravest] = counting;
  if (gravest === undefined) return 'Nothing that counts';
  const deeds = new Set(counting.map(({ sentence }) => sentence)).size - 1;
  // Of a flood the rest is counted, and not told apart.
  const isAll = state.signs <= keptSigns(state);
  const more = deeds === 0 ? '' : `, and ${isAll ? '' : 'over '}${deeds} more`;
  const others = state.subjects.length - 1;
  const places = others === 0 ? '' : ` and ${others} more workload${others === 1 ? '' : 's'}`;
  const process = state.processes.find(({ key }) => key === gravest.process);
  const container = process?.container;
  const isWorkload = /^[^/]+\/[A-Z][^/]*\//.test(gravest.subject);
  const where = isWorkload || container === undefined ? gravest.subject : container;
  return `${headline(gravest)}${more}, in ${where}${places}`;
}

/** Without what comes of it: that is told below. */
const headline = ({ sentence }: KeptEntry): string =>
  sentence.replace(/: (?:stopped before|killed after|seen here) .*$/, '');

function confidenceOf({ entries, isLossy }: IncidentState): string {
  const alerts = entries.filter(({ kind }) => kind === 'alert');
  const policies = new Set(alerts.map(({ policy }) => policy)).size;
  const deviations = entries.filter(({ kind }) => kind === 'deviation');
  const settled = deviations.filter(({ isSettled }) => isSettled).length;
  const lossy = isLossy ? ' Events were lost meanwhile: there may be more to it.' : '';
  const by = `${policies} ${policies === 1 ? 'policy' : 'policies'}`;
  if (policies > 0 && settled > 0)
    return `Very sure: ${by} and what is known of its behaviour, which is settled, say so independently.${lossy}`;
  if (policies > 0 && deviations.length > 0)
    return `Sure: ${by} and new behaviour agree; what is usual here is not settled yet.${lossy}`;
  if (policies > 0) return `Sure that it was done; that it is wrong, ${by} ${policies === 1 ? 'says' : 'say'}.${lossy}`;
  if (settled > 0) return `Fairly sure: its behaviour is settled and this is new, but no policy is against it.${lossy}`;
  if (deviations.length > 0)
    return `Not sure: it is new, what is usual here is not settled yet, and no policy is against it.${lossy}`;
  return `Sure that it was refused; whether it was meant badly nobody can tell from it.${lossy}`;
}

function unknownsOf(state: IncidentState): string[] {
  const counting = state.entries.filter(isCounting);
  const nameless = counting.filter(({ process }) => process === undefined).length;
  return [
    ...(state.isLossy ? ['What happened while events were lost.'] : []),
    ...(nameless > 0 ? [`Which process did ${nameless} of the things told: what told them does not say.`] : []),
    ...(counting.some(({ isSettled }) => isSettled === false)
      ? ['Whether it is usual here: not all of its behaviour is settled yet.']
      : []),
    ...state.unknowns,
  ];
}
