import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Incident, IncidentSummary } from './incident.ts';

/** `GET /api/incidents`: open ones first, the gravest first, then the newest. */
export const IncidentPage = z.object({
  items: z.array(IncidentSummary),
  total: z.number().int(),
  nextCursor: z.string().optional(),
  /** Open ones, whatever the filter. */
  open: z.number().int(),
});
export type IncidentPage = z.infer<typeof IncidentPage>;

/** Query of the list of incidents. */
export const IncidentQuery = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: z.string().max(200).optional(),
  namespace: z.string().max(253).optional(),
  /** `namespace/Kind/name` that it touches. */
  subject: z.string().max(1000).optional(),
  status: Incident.shape.status.optional(),
  severity: Severity.optional(),
});
export type IncidentQuery = z.infer<typeof IncidentQuery>;

const text = (most: number, words: string) => z.string().trim().min(3, words).max(most);

/** `POST /api/incidents/{id}/expect`: somebody says that something of it is expected. It covers what is named, and nothing else. */
export const ExpectIncident = z.object({
  owner: z.string().trim().min(1, 'say who answers for it').max(200),
  reason: text(1000, 'say why'),
  /** The last day on which it counts, `2026-12-31`. */
  expires: z.iso.date(),
  /** Of behaviours. */
  keys: z.array(z.string().min(1).max(200)).max(200),
  policies: z.array(z.string().min(1).max(200)).max(200).default([]),
});
export type ExpectIncident = z.infer<typeof ExpectIncident>;

/** `POST /api/incidents/{id}/close`: it is over. */
export const CloseIncident = z.object({ reason: text(1000, 'say why') });
export type CloseIncident = z.infer<typeof CloseIncident>;

/** One thing that can be done about an incident, looked at and not done. */
export const ContainmentOption = z.object({
  /** `scale-to-zero shop/Deployment/cart`. */
  id: z.string(),
  response: z.string(),
  /** What it is, in a line. */
  summary: z.string(),
  target: z.string(),
  /** Sentences: what would be done in this order, and what else comes of it. */
  steps: z.array(z.string()),
  effects: z.array(z.string()),
  reversible: z.boolean(),
  /** Why it is not done whoever asks; empty where nothing stands in the way. */
  refusals: z.array(z.string()),
  needsSecondPerson: z.boolean(),
});
export type ContainmentOption = z.infer<typeof ContainmentOption>;

/** `GET /api/incidents/{id}/containment`: what could be done, planned on what is there now. */
export const Containment = z.object({
  options: z.array(ContainmentOption),
  /** What cannot be planned, and why; with the command to run elsewhere where there is one. */
  unavailable: z.array(z.object({ id: z.string(), reason: z.string() })),
});
export type Containment = z.infer<typeof Containment>;

/** `POST /api/incidents/{id}/contain`: does one of the options. */
export const ContainIncident = z.object({ option: z.string().min(1).max(1000), reason: text(1000, 'say why') });
export type ContainIncident = z.infer<typeof ContainIncident>;

/** What became of it: done, or waiting for a second person; the incident as it stands then. */
export const Contained = z.object({
  /** Of the response, for `breakwater respond undo`. */
  response: z.string(),
  step: z.enum(['asked', 'done']),
  said: z.array(z.string()),
  incident: Incident,
});
export type Contained = z.infer<typeof Contained>;
