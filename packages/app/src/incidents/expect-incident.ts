import { type AlertScope, type IncidentState, isCounting, tellIncident } from '@breakwater/engine/incident';
import { Exception, type ExpectIncident, type Incident, type IncidentFeedback, UserError } from '@breakwater/model';
import type { BehaviourWord } from '../profiles/kept/index.ts';
import { behavioursOf } from './behaviours-of.ts';
import { addHumanEntry } from './change-incident.ts';
import type { IncidentPorts } from './ports.ts';
import { missing, readIncident } from './read-incidents.ts';

/** What came of somebody's word: the incident, and exceptions for policies, which may be kept in files as well. */
export interface ExpectedIncident {
  incident: Incident;
  exceptions: Exception[];
}

/** Everything of an incident of which somebody may say that it is expected. */
export function expectableOf({ entries }: Incident): { keys: string[]; policies: string[] } {
  return {
    keys: [...new Set(entries.flatMap(({ kind, key }) => (kind === 'deviation' && key !== undefined ? [key] : [])))],
    policies: [
      ...new Set(entries.flatMap(({ kind, policy }) => (kind === 'alert' && policy !== undefined ? [policy] : []))),
    ],
  };
}

/**
 * Somebody answers for something of an incident until a day. Of policies it becomes exceptions for the workload, program
 * and object of their alerts; of behaviours, just these are known to the profile. Nothing else is covered, and when the
 * day is over it is told again. @throws {UserError} where what is named is not of the incident
 */
export async function expectIncident(
  ports: IncidentPorts,
  id: string,
  word: ExpectIncident,
): Promise<ExpectedIncident> {
  const known = await readIncident(ports.incidents, id);
  checkWord(known, word, ports.now());
  const feedback: IncidentFeedback = { ...word, at: new Date(ports.now()).toISOString() };
  let exceptions: Exception[] = [];
  const incident = await ports.incidents.change(known.id, (state) => {
    exceptions = exceptionsOf(state, feedback);
    const words = wordsOf(state, feedback);
    state.feedback.push(feedback);
    if (isCovered(state, feedback.at)) state.status = 'expected';
    addHumanEntry(state, 'feedback', sentenceOf(feedback), ports.now());
    if (state.status === 'expected') words.push({ kind: 'letGo', incident: state.id });
    const kept = exceptions.map((exception) => ({ exception, incident: state.id, at: feedback.at }));
    return { incident: tellIncident(state), exceptions: kept, words };
  });
  return { incident: incident ?? missing(id), exceptions };
}

function checkWord(incident: Incident, { keys, policies, expires }: ExpectIncident, now: number): void {
  const all = expectableOf(incident);
  const stranger =
    keys.find((key) => !all.keys.includes(key)) ?? policies.find((policy) => !all.policies.includes(policy));
  if (stranger !== undefined)
    throw invalid(`${stranger} is not of this incident.`, `It has: ${[...all.policies, ...all.keys].join(', ')}.`);
  if (keys.length + policies.length === 0)
    throw invalid('Say what is expected: behaviours or policies of it.', 'breakwater incidents show names them.');
  if (expires < new Date(now).toISOString().slice(0, 10))
    throw invalid(`${expires} is over already.`, 'Name the last day on which it is to count.');
}

const sentenceOf = ({ owner, reason, expires, keys, policies }: IncidentFeedback): string => {
  const count = keys.length + policies.length;
  return `${owner} expects ${count === 1 ? 'one thing' : `${count} things`} of it until ${expires}: ${reason}`;
};

/** Whether all that counts is expected by somebody whose word still holds. */
function isCovered({ entries, feedback }: IncidentState, now: string): boolean {
  const words = feedback.filter(({ expires }) => now.slice(0, 10) <= expires);
  return entries.filter(isCounting).every((entry) => {
    if (entry.kind === 'prevention') return true;
    return words.some(({ keys, policies }) =>
      entry.kind === 'alert' ? policies.includes(entry.policy ?? '') : keys.includes(entry.key ?? ''),
    );
  });
}

/** What profiles are told: just these behaviours, where they were seen. */
function wordsOf({ entries }: IncidentState, { keys, owner, reason, expires }: IncidentFeedback): BehaviourWord[] {
  const deviations = entries.filter(({ kind, key = '' }) => kind === 'deviation' && keys.includes(key));
  const until = { owner, reason, expires: `${expires}T23:59:59.999Z` };
  return behavioursOf(deviations).map((some) => ({ kind: 'accept', ...some, ...until }));
}

/** One for each thing that was done, with the policies that are against it. */
function exceptionsOf({ id, entries, feedback: before }: IncidentState, feedback: IncidentFeedback): Exception[] {
  const alerts = entries.filter(({ kind, policy = '' }) => kind === 'alert' && feedback.policies.includes(policy));
  const scopes = Map.groupBy(alerts, ({ scope = {} }) => JSON.stringify(scope));
  return [...scopes.values()].map((some, index) => {
    const scope: AlertScope = some[0]?.scope ?? {};
    refuseWildcards(scope);
    const { owner, reason, expires } = feedback;
    return Exception.parse({
      apiVersion: 'breakwater/v1',
      kind: 'Exception',
      metadata: { name: `expected-${id}-${before.length + 1}-${index + 1}` },
      spec: {
        policies: [...new Set(some.flatMap(({ policy }) => policy ?? []))].sort(),
        scope,
        owner,
        reason,
        expires,
        compensating: `It was seen in incident ${id}; whatever else is done there is told as before.`,
      },
    });
  });
}

/** In a scope a last `*` stands for anything: a name that a stranger chose would cover more than what was seen. */
function refuseWildcards(scope: AlertScope): void {
  const wild = Object.values(scope)
    .flat()
    .find((name) => name.endsWith('*'));
  if (wild !== undefined)
    throw invalid(`${wild} ends with a *, which in an exception stands for more.`, 'Write the exception by hand.');
}

const invalid = (message: string, hint: string): UserError =>
  new UserError(message, { code: 'feedback-invalid', hint });
