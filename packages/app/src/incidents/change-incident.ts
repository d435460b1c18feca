import { addEntry, type IncidentState, tellIncident } from '@breakwater/engine/incident';
import type { Incident } from '@breakwater/model';
import type { IncidentPorts } from './ports.ts';
import { missing, readIncident } from './read-incidents.ts';

/**
 * Closes an incident: it is over, and opens again when it goes on. What it holds of behaviours is not learned even so:
 * somebody has to say that it is expected.
 */
export async function closeIncident(
  ports: IncidentPorts,
  id: string,
  { by, reason }: { by: string; reason: string },
): Promise<Incident> {
  return await changeIncident(ports, id, (state) => {
    state.status = 'closed';
    addHumanEntry(state, 'feedback', `${by} closed it: ${reason}`, ports.now());
  });
}

/**
 * Notes that somebody did something about an incident, as a sentence. Where what did it does no more, it is contained, and
 * opens again when it goes on all the same; where that was taken back it is open, unless it is over.
 */
export async function noteResponse(
  ports: IncidentPorts,
  id: string,
  { by, sentence, status }: { by: string; sentence: string; status?: 'contained' | 'open' | undefined },
): Promise<Incident> {
  return await changeIncident(ports, id, (state) => {
    if (status === 'contained' || (status === 'open' && state.status === 'contained')) state.status = status;
    addHumanEntry(state, 'response', `${by}: ${sentence}`, ports.now());
  });
}

/** Changes it while nobody else does. @throws {UserError} where there is none */
export async function changeIncident(
  { incidents }: IncidentPorts,
  id: string,
  change: (state: IncidentState) => void,
): Promise<Incident> {
  const known = await readIncident(incidents, id);
  const changed = await incidents.change(known.id, (state) => {
    change(state);
    return { incident: tellIncident(state) };
  });
  return changed ?? missing(id);
}

/** What people did stands in the story like what programs did. */
export function addHumanEntry(
  state: IncidentState,
  kind: 'feedback' | 'response',
  sentence: string,
  now: number,
): void {
  const time = new Date(now).toISOString();
  const subject = state.subjects[0]?.name ?? '';
  const own = { mark: `${kind}\0${time}\0${sentence}`, deed: '', severity: 'unknown' as const };
  addEntry(state, { time, last: time, kind, sentence, subject, techniques: [], count: 1, ...own });
}
