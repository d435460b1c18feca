import type { Incident } from '@breakwater/model';
import { RESPONSES } from '@breakwater/outputs/responses';
import { type IncidentPorts, noteResponse } from '../incidents/index.ts';
import { type JournalEntry, STANDS } from '../respond/index.ts';

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
  if (incident === undefined || step === 'asked' || step === 'begun' || step === 'undoing') return undefined;
  const sentence = `${WORDS[step](response, id)}: ${said.join(' ')} Because: ${reason}`;
  return await noteResponse(ports, incident, { by: who, sentence, status: statusBy(journal, incident, step) });
}

const WORDS: Record<'done' | 'failed' | 'undone' | 'undo-failed', (response: string, id: string) => string> = {
  done: (response) => response,
  failed: (response) => `${response} failed`,
  undone: (response, id) => `took back ${response} (${id})`,
  'undo-failed': (response, id) => `could not take back ${response} (${id})`,
};

function statusBy(
  journal: readonly JournalEntry[],
  incident: string,
  step: JournalEntry['step'],
): 'contained' | 'open' | undefined {
  const latest = new Map(journal.filter((one) => one.incident === incident).map((one) => [one.id, one]));
  const stands = [...latest.values()].some((one) => STANDS.has(one.step) && containsWhenDone(one.response));
  if (stands) return 'contained';
  return step === 'undone' ? 'open' : undefined;
}

const containsWhenDone = (response: string): boolean =>
  RESPONSES.some(({ name, contains }) => name === response && contains);
