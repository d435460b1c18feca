import { type IncidentFact, SEVERITIES, type Severity, worstSeverity } from '@breakwater/model';
import type { IncidentState, KeptEntry } from './state.ts';
import { tacticsOf } from './tactics.ts';

/** How grave it is before and after what is known of its surroundings, with each reason. */
export interface JudgedSeverity {
  initial: Severity;
  severity: Severity;
  facts: IncidentFact[];
}

/** Steps of an attack from which on it is one, and not somebody's odd command. */
const CHAIN = 3;
/** What is known of the surroundings moves it by so many steps at most. */
const MOST_STEPS = 2;
const LOWEST = SEVERITIES.indexOf('low');

/** From the gravest entry; raised and lowered a step by each kind of fact that does, with two steps at most between. */
export function judgeSeverity(state: IncidentState): JudgedSeverity {
  const counting = countingOf(state.entries);
  const initial = worstSeverity(counting.map(({ severity }) => severity)) ?? 'low';
  const told = [...chainFact(state.entries), ...preventionFact(counting), ...state.facts];
  const facts = told.map((fact) => (isLowering(fact, told, state) ? fact : { ...fact, effect: 'none' as const }));
  const raises = kindsOf(facts, 'raises');
  const lowers = kindsOf(facts, 'lowers');
  const steps = Math.max(-MOST_STEPS, Math.min(MOST_STEPS, raises.size - lowers.size));
  const at = Math.max(0, Math.min(LOWEST, SEVERITIES.indexOf(initial) - steps));
  return { initial, severity: SEVERITIES[at] ?? initial, facts };
}

/** Each kind of fact counts once, of however many workloads it is told. */
const kindsOf = (facts: readonly IncidentFact[], effect: IncidentFact['effect']): ReadonlySet<string> =>
  new Set(facts.flatMap((fact) => (fact.effect === effect ? [fact.kind] : [])));

/** What lowers it has to be so of every workload that it touches: one with a way in is enough. */
function isLowering(fact: IncidentFact, all: readonly IncidentFact[], { subjects }: IncidentState): boolean {
  if (fact.effect !== 'lowers' || fact.subject === undefined) return true;
  const same = all.filter(({ kind, effect }) => kind === fact.kind && effect === 'lowers');
  return subjects.every(({ name }) => same.some(({ subject }) => subject === name));
}

export const isCounting = ({ kind }: KeptEntry): boolean =>
  kind === 'alert' || kind === 'deviation' || kind === 'prevention';

/** What counts, each deed once: what a policy says of what was stopped is told by its alert. */
export function countingOf(entries: readonly KeptEntry[]): KeptEntry[] {
  const told = new Set(entries.filter(({ kind }) => kind === 'alert').map(deedMark));
  return entries.filter((entry) => isCounting(entry) && !(entry.kind === 'prevention' && told.has(deedMark(entry))));
}

/** Equal for a prevention and an alert of the same deed. */
export const deedMark = ({ deed, prevention }: KeptEntry): string => `${deed}\0${prevention ?? ''}`;

function chainFact(entries: readonly KeptEntry[]): IncidentFact[] {
  const told = entries.filter((entry) => isCounting(entry) && entry.techniques.length > 0);
  const tactics = tacticsOf(told.flatMap(({ techniques }) => techniques));
  // A policy names every technique that what it finds may be: one finding is one step.
  const steps = Math.min(tactics.length, new Set(told.map(({ policy }) => policy)).size);
  if (steps < CHAIN) return [];
  const sentence = `It goes through at least ${steps} steps of an attack, among ${tactics.join(', ')}.`;
  return [{ kind: 'behaviour', sentence, effect: 'raises' }];
}

function auditFact(counting: readonly KeptEntry[]): IncidentFact[] {
  const audited = counting.filter(({ prevention }) => prevention === 'audited').length;
  const sentence =
    audited === 0
      ? 'Nothing of it was stopped.'
      : `Nothing of it was stopped: the sensor only tells, and would stop ${audited} of ${counting.length} things where it blocks.`;
  return [{ kind: 'prevention', sentence, effect: 'none' }];
}

/** What was prevented and what was not, of everything that is more than a hint. */
function preventionFact(counting: readonly KeptEntry[]): IncidentFact[] {
  const grave = counting.filter(({ severity }) => severity !== 'low');
  const stopped = grave.filter(({ prevention }) => prevention === 'stopped');
  const killed = grave.filter(({ prevention }) => prevention === 'killed');
  if (stopped.length === 0 && killed.length === 0) return auditFact(counting);
  if (stopped.length === grave.length)
    return [
      { kind: 'prevention', sentence: 'All that it tried was stopped before it had an effect.', effect: 'lowers' },
    ];
  const parts = [
    ...(stopped.length > 0
      ? [`${stopped.length} of ${grave.length} things were stopped before they had an effect`]
      : []),
    ...(killed.length > 0
      ? [killed.length === 1 ? '1 was killed after it was done' : `${killed.length} were killed after they were done`]
      : []),
  ];
  const sentence = `${parts.join(', ')}; the rest was done.`;
  return [{ kind: 'prevention', sentence, effect: 'none' }];
}
