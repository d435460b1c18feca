import type { Incident } from '@breakwater/model';
import { RESPONSES } from '@breakwater/outputs/responses';
import { type IncidentPorts, noteResponse } from '../incidents/index.ts';
import type { JournalEntry } from '../respond/index.ts';

/**
 * Writes a response into the story of the incident that it is about: done, failed or taken back. It is contained while one
 * of those that end something stands (evidence alone contains nothing), and open again when the last of them is taken back.
 * Undefined for a response that is about none, or only waits. `journal` is all of it, in order.
 * @throws {UserError} where there is no such incident
 */
export async function tellResponse(
  ports: IncidentPorts,
  entry: JournalEntry,
  journal: readonly JournalEntry[],
): Promise<Incident | undefined> {
  const { incident, step, who, reason, said, response, id } = entry;
  if (incident === undefined || step === 'asked' || step === 'begun') return undefined;
  const what =
    step === 'undone' ? `took back ${response} (${id})` : step === 'failed' ? `${response} failed` : response;
  const sentence = `${what}: ${said.join(' ')} Because: ${reason}`;
  return await noteResponse(ports, incident, { by: who, sentence, status: statusBy(journal, incident, step) });
}

function statusBy(
  journal: readonly JournalEntry[],
  incident: string,
  step: JournalEntry['step'],
): 'contained' | 'open' | undefined {
  const latest = new Map(journal.filter((one) => one.incident === incident).map((one) => [one.id, one]));
  const stands = [...latest.values()].some((one) => one.step === 'done' && containsWhenDone(one.response));
  if (stands) return 'contained';
  return step === 'undone' ? 'open' : undefined;
}

const containsWhenDone = (response: string): boolean =>
  RESPONSES.some(({ name, contains }) => name === response && contains);
