import {
  compareSeverity,
  type EventProcess,
  type IncidentFact,
  type RuntimeEvent,
  type Severity,
} from '@breakwater/model';
import { deedOf } from './deeds.ts';
import { scopeOf } from './scope-of.ts';
import { sentenceOf } from './sentences.ts';
import { ancestorsOfSign, containerOf, type IncidentSign, processKey } from './sign.ts';
import {
  type IncidentState,
  type KeptEntry,
  type KeptProcess,
  type KnownOfSign,
  MOST_ENTRIES,
  MOST_FACTS,
  MOST_PROCESSES,
  MOST_SUBJECTS,
} from './state.ts';

/** Takes a sign into an incident: its sentence, its processes, and what is known of its surroundings. */
export function keepSign(state: IncidentState, sign: IncidentSign, known: KnownOfSign | undefined): void {
  const { event, subject } = sign;
  if (event.time < state.first) state.first = event.time;
  if (event.time > state.last) state.last = event.time;
  if (event.type === 'loss') state.isLossy = true;
  keepSubject(state, subject, event.time);
  addEntry(state, entryOf(sign));
  state.signs += event.count ?? 1;
  keepProcesses(state, sign);
  if (known === undefined) return;
  state.facts = withoutOlder(state.facts, known.facts);
  keepKnown(state, known.facts, known.unknowns);
  if (known.fix !== undefined && event.alert !== undefined) state.fixes[event.alert.rule] = known.fix;
}

export function keepSubject(state: IncidentState, name: string, first: string): void {
  const known = state.subjects.find((one) => one.name === name);
  if (known !== undefined) {
    if (first < known.first) known.first = first;
  } else if (state.subjects.length < MOST_SUBJECTS) state.subjects.push({ name, first });
}

/** Kinds of facts that every assessment tells anew. */
const ASSESSED: ReadonlySet<IncidentFact['kind']> = new Set(['exposure', 'reach', 'identity', 'component']);

/** What an estate was assessed to be is told by the newest assessment alone: a flaw that was mended is none any more. */
function withoutOlder(kept: readonly IncidentFact[], facts: readonly IncidentFact[]): IncidentFact[] {
  const assessed = new Set(facts.flatMap(({ kind, subject }) => (kind === 'exposure' && subject ? [subject] : [])));
  if (assessed.size === 0) return [...kept];
  // Of incidents that were kept before facts told of which workload they are, nobody knows what is still so.
  return kept.filter(({ kind, subject }) => !ASSESSED.has(kind) || (subject !== undefined && !assessed.has(subject)));
}

export function keepKnown(state: IncidentState, facts: readonly IncidentFact[], unknowns: readonly string[]): void {
  for (const fact of facts) {
    const isKnown = state.facts.some(({ sentence, subject }) => sentence === fact.sentence && subject === fact.subject);
    if (!isKnown && state.facts.length < MOST_FACTS) state.facts.push(fact);
  }
  for (const unknown of unknowns)
    if (!state.unknowns.includes(unknown) && state.unknowns.length < MOST_FACTS) state.unknowns.push(unknown);
}

/** Adds an entry, or counts it to the one that says the same. Beyond the most that are kept the least grave goes. */
export function addEntry(state: IncidentState, entry: KeptEntry): void {
  const same = state.entries.find(({ mark }) => mark === entry.mark);
  if (same !== undefined) {
    same.count += entry.count;
    if (entry.time < same.time) same.time = entry.time;
    if (entry.last > same.last) same.last = entry.last;
    return;
  }
  state.entries.push(entry);
  if (state.entries.length <= MOST_ENTRIES) return;
  let least = 0;
  for (let at = 1; at < state.entries.length; at++)
    if (compareWeight(state.entries[at] as KeptEntry, state.entries[least] as KeptEntry) > 0) least = at;
  state.entries.splice(least, 1);
}

/** What people did is never let go of. */
const KINDS: readonly KeptEntry['kind'][] = [
  ...(['feedback', 'response', 'alert', 'deviation', 'prevention', 'connection', 'context'] as const),
];

/** The gravest first, then what came first; a whole order, so that nothing depends on who came in first. */
export function compareWeight(a: KeptEntry, b: KeptEntry): number {
  const isHuman = ({ kind }: KeptEntry): boolean => kind === 'feedback' || kind === 'response';
  return (
    Number(isHuman(b)) - Number(isHuman(a)) ||
    compareSeverity(a.severity, b.severity) ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (a.time < b.time ? -1 : a.time > b.time ? 1 : a.mark < b.mark ? -1 : 1)
  );
}

function entryOf(sign: IncidentSign): KeptEntry {
  const { event, kind, subject, judgement } = sign;
  const sentence = sentenceOf(sign);
  const process = event.process && processKey(event, event.process);
  return {
    time: event.time,
    last: event.time,
    kind,
    sentence,
    subject,
    severity: severityOf(sign),
    mark: [kind, process ?? containerOf(event), judgement?.key ?? event.alert?.rule ?? '', sentence].join('\0'),
    deed: [process ?? '', event.alert?.about ?? event.type, deedOf(event).infinitive].join('\0'),
    techniques: [...(event.alert?.tags ?? [])].filter((tag) => TECHNIQUE.test(tag)),
    count: event.count ?? 1,
    ...(process !== undefined && { process }),
    ...(sign.container !== undefined && { container: sign.container }),
    ...(kind !== 'deviation' &&
      event.alert !== undefined && { policy: event.alert.rule, scope: scopeOf(event, subject) }),
    ...(event.prevention !== undefined && { prevention: event.prevention }),
    ...(judgement && {
      behaviour: judgement.behaviour,
      key: judgement.key,
      surprise: judgement.surprise,
      isSettled: judgement.isSettled,
    }),
  };
}

const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;

const PRIORITIES: Readonly<Record<string, Severity>> = {
  emergency: 'critical',
  alert: 'critical',
  critical: 'critical',
  error: 'high',
  warning: 'medium',
};
const GRAVER_DIMENSIONS: ReadonlySet<string> = new Set(['exec', 'connect', 'privilege', 'capability']);

/** Of the sign alone; `unknown` for what makes no incident. */
function severityOf({ kind, event, judgement }: IncidentSign): Severity {
  if (kind === 'alert') return PRIORITIES[event.alert?.priority.toLowerCase() ?? ''] ?? 'low';
  if (kind === 'prevention') return event.prevention === 'audited' ? 'low' : 'medium';
  if (kind !== 'deviation') return 'unknown';
  if (judgement?.isGrave) return 'high';
  return GRAVER_DIMENSIONS.has(judgement?.behaviour.dimension ?? '') ? 'medium' : 'low';
}

function keepProcesses(state: IncidentState, sign: IncidentSign): void {
  const { event } = sign;
  if (event.process === undefined) return;
  const line = [event.process, ...ancestorsOfSign(sign)];
  const keys = line.map((one) => processKey(event, one));
  for (const [index, one] of line.entries()) {
    const key = keys[index];
    if (key === undefined) continue;
    const parent = keys.slice(index + 1).find((other) => other !== undefined && other !== key);
    keepProcess(state, { ...asKept(event, one, sign, key, parent), acted: index === 0 ? event.time : '' });
  }
  if (state.processes.length > MOST_PROCESSES) dropProcesses(state);
}

function asKept(
  { container, pod, node }: RuntimeEvent,
  process: EventProcess,
  sign: IncidentSign,
  key: string,
  parent: string | undefined,
): Omit<KeptProcess, 'acted'> {
  const containerName = sign.container ?? container?.name;
  return {
    ...process,
    key,
    subject: sign.subject,
    ...(parent !== undefined && { parent }),
    ...(containerName !== undefined && { container: containerName }),
    ...(container?.id !== undefined && { containerId: container.id }),
    ...(pod !== undefined && { pod: `${pod.namespace}/${pod.name}` }),
    ...(node !== undefined && { node }),
  };
}

/** One process may run one program after the other: it goes by the one with which it acted last. */
export function keepProcess(state: IncidentState, seen: KeptProcess): void {
  const at = state.processes.findIndex(({ key }) => key === seen.key);
  const known = state.processes[at];
  if (known === undefined) state.processes.push(seen);
  else {
    const parent = known.parent ?? seen.parent;
    const newer = seen.acted > known.acted ? seen : known;
    state.processes[at] = { ...newer, ...(parent !== undefined && { parent }) };
  }
}

/** Those that no entry is of, nor is below. */
export function dropProcesses(state: IncidentState): void {
  const byKey = new Map(state.processes.map((one) => [one.key, one]));
  const wanted = new Set<string>();
  for (const { process } of state.entries)
    for (let at = process; at !== undefined && !wanted.has(at); at = byKey.get(at)?.parent) wanted.add(at);
  state.processes = state.processes.filter(({ key }) => wanted.has(key)).slice(0, MOST_PROCESSES);
}
