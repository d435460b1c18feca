import {
  type CloseIncident,
  type Contained,
  type ContainIncident,
  type Containment,
  type ExpectIncident,
  type Incident,
  type IncidentPage,
  IncidentQuery,
} from '@breakwater/model';
import { z } from 'zod';
import { notFound } from '../problem.ts';
import { type ActionRoute, actionRoute } from './act.ts';
import type { ReadRoute } from './read.ts';

/** Incidents, and what can be done about them. Undefined where there is none of such an id. */
export interface IncidentService {
  list(query: IncidentQuery): Promise<IncidentPage>;
  incident(id: string): Promise<Incident | undefined>;
  /** Looks at what is there now; nothing is done. */
  containment(id: string): Promise<Containment | undefined>;
  expect(id: string, request: ExpectIncident): Promise<Incident | undefined>;
  close(id: string, request: CloseIncident): Promise<Incident | undefined>;
  contain(id: string, request: ContainIncident): Promise<Contained | undefined>;
}

/** Nothing is judged. */
export const NO_INCIDENTS: IncidentService = {
  list: async () => ({ items: [], total: 0, open: 0 }),
  incident: async () => undefined,
  containment: async () => undefined,
  expect: async () => undefined,
  close: async () => undefined,
  contain: async () => undefined,
};

const byId = z.object({ id: z.string() });

/** Routes that read incidents. */
export const INCIDENT_ROUTES: ReadRoute<IncidentService>[] = [
  {
    path: '/api/incidents',
    summary: 'Incidents: open ones first, the gravest first, then the newest',
    query: IncidentQuery,
    answer: (incidents, { query }) => incidents.list(query as IncidentQuery),
  },
  {
    path: '/api/incidents/{id}',
    summary: 'An incident as a story',
    parameters: byId,
    answer: async (incidents, { parameters: { id = '' } }) => (await incidents.incident(id)) ?? missing(id),
  },
  {
    path: '/api/incidents/{id}/containment',
    summary: 'What could be done about an incident, planned on what is there now',
    parameters: byId,
    answer: async (incidents, { parameters: { id = '' } }) => (await incidents.containment(id)) ?? missing(id),
  },
];

/** Routes that do something about incidents. */
export const INCIDENT_ACTIONS: ActionRoute<IncidentService>[] = [
  actionRoute<IncidentService, '/api/incidents/{id}/expect'>({
    path: '/api/incidents/{id}/expect',
    summary: 'Says that something of an incident is expected: that, until a day, and nothing else',
    parameters: byId,
    act: async (incidents, { id = '' }, body) => (await incidents.expect(id, body)) ?? missing(id),
  }),
  actionRoute<IncidentService, '/api/incidents/{id}/close'>({
    path: '/api/incidents/{id}/close',
    summary: 'Closes an incident',
    parameters: byId,
    act: async (incidents, { id = '' }, body) => (await incidents.close(id, body)) ?? missing(id),
  }),
  actionRoute<IncidentService, '/api/incidents/{id}/contain'>({
    path: '/api/incidents/{id}/contain',
    summary: 'Does one of the things that its containment lists, or asks a second person for it',
    parameters: byId,
    act: async (incidents, { id = '' }, body) => (await incidents.contain(id, body)) ?? missing(id),
  }),
];

function missing(id: string): never {
  throw notFound('incident', id);
}
