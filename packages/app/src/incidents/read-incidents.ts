import { type Incident, type IncidentPage, type IncidentQuery, UserError } from '@breakwater/model';
import type { IncidentStore } from './kept/index.ts';

/** Open ones first, the gravest first, then the newest. */
export const listIncidents = (store: IncidentStore, query: IncidentQuery): Promise<IncidentPage> => store.list(query);

/** An incident as a story, by its id or as much of it as only one begins with. @throws {UserError} where there is none */
export async function readIncident(store: IncidentStore, id: string): Promise<Incident> {
  return (await store.read(id)) ?? missing(id);
}

/** @throws {UserError} always */
export function missing(id: string): never {
  throw new UserError(`There is no incident ${id}.`, {
    code: 'incident-missing',
    hint: 'breakwater incidents lists those that there are.',
  });
}
