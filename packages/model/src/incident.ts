import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Behaviour } from './behaviour.ts';

/** A process of an incident, below the one that started it. */
export const IncidentProcess = z.object({
  /** Of the incident only: `p1`. */
  id: z.string(),
  parent: z.string().optional(),
  subject: z.string(),
  container: z.string().optional(),
  /** Where it runs, for who has to act on it: `namespace/name` of the pod, id of the container, name of the node. */
  pod: z.string().optional(),
  containerId: z.string().optional(),
  node: z.string().optional(),
  path: z.string(),
  arguments: z.string().default(''),
  pid: z.number().int().optional(),
  uid: z.number().int().optional(),
  inImage: z.boolean().optional(),
  since: z.string().optional(),
});
export type IncidentProcess = z.infer<typeof IncidentProcess>;

/** One thing of an incident, in its order of time. */
export const IncidentEntry = z.object({
  time: z.string(),
  kind: z.enum(['alert', 'deviation', 'prevention', 'connection', 'context', 'response', 'feedback']),
  /** What happened, in words. */
  sentence: z.string(),
  process: z.string().optional(),
  subject: z.string(),
  /** Of the policy, where one was broken. */
  policy: z.string().optional(),
  /** Of the behaviour, where it is one that nobody knew. */
  behaviour: Behaviour.optional(),
  key: z.string().optional(),
  surprise: z.number().optional(),
  /** MITRE ATT&CK, `T1059.004`. */
  techniques: z.array(z.string()).default([]),
  /** `stopped` before its effect, `killed` after it; absent where nothing was prevented. */
  prevention: z.enum(['audited', 'stopped', 'killed']).optional(),
  count: z.number().int().positive().default(1),
});
export type IncidentEntry = z.infer<typeof IncidentEntry>;

/** A fact of build or deploy that matters to an incident. */
export const IncidentFact = z.object({
  kind: z.enum(['image', 'component', 'exposure', 'identity', 'reach', 'prevention', 'behaviour', 'release']),
  /** `namespace/Kind/name` of the workload that it is of; absent for what is of the incident as a whole. */
  subject: z.string().optional(),
  sentence: z.string(),
  /** Whether it raises or lowers the severity, with the sentence as the reason. */
  effect: z.enum(['raises', 'lowers', 'none']),
});
export type IncidentFact = z.infer<typeof IncidentFact>;

/** Somebody's word that something of an incident is expected. */
export const IncidentFeedback = z.object({
  owner: z.string(),
  reason: z.string(),
  at: z.string(),
  expires: z.string(),
  /** Keys of the behaviours, and names of the policies, that it covers: these and no others. */
  keys: z.array(z.string()),
  policies: z.array(z.string()).default([]),
});
export type IncidentFeedback = z.infer<typeof IncidentFeedback>;

/** Deviations and alerts of one process tree, and of others along its connections: one story. */
export const Incident = z.object({
  id: z.string(),
  /** What, where, in one line. */
  title: z.string(),
  /** `namespace/Kind/name` of each workload that it touches, the first one first. */
  subjects: z.array(z.string()),
  severity: Severity,
  /** Severity before the facts, and what raised or lowered it. */
  initialSeverity: Severity,
  facts: z.array(IncidentFact),
  status: z.enum(['open', 'contained', 'expected', 'closed']),
  first: z.string(),
  last: z.string(),
  processes: z.array(IncidentProcess),
  entries: z.array(IncidentEntry),
  techniques: z.array(z.string()),
  /** How sure it is, in words. */
  confidence: z.string(),
  /** How to end it, and how to keep it from coming again: a sentence each. */
  advice: z.array(z.string()),
  /** What was not checked. */
  unknowns: z.array(z.string()),
  feedback: z.array(IncidentFeedback).default([]),
  /** Entries beyond those that are kept. */
  more: z.number().int().nonnegative().default(0),
});
export type Incident = z.infer<typeof Incident>;

/** A line of the list of incidents. */
export const IncidentSummary = Incident.pick({
  id: true,
  title: true,
  subjects: true,
  severity: true,
  status: true,
  first: true,
  last: true,
  techniques: true,
}).extend({ entries: z.number().int(), prevented: z.number().int() });
export type IncidentSummary = z.infer<typeof IncidentSummary>;
