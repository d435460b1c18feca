import { Json } from '@breakwater/model';
import { z } from 'zod';

/** Who asks for what, and why. */
export interface ResponseRequest {
  /** Kind: `kill-process`. */
  response: string;
  config: Record<string, unknown>;
  who: string;
  reason: string;
  /** Id of the incident that it is done about. */
  incident?: string | undefined;
}

const JournalPlan = z.object({
  target: z.object({
    kind: z.enum(['process', 'container', 'pod', 'workload', 'node']),
    cluster: z.string().optional(),
    namespace: z.string().optional(),
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    since: z.string().optional(),
  }),
  steps: z.array(z.string()),
  effects: z.array(z.string()),
  reversible: z.boolean(),
  state: Json,
});

/** A line of the journal: a step in the life of a response. */
export const JournalEntry = z.object({
  /** Of the response, the same in all its lines. */
  id: z.string(),
  time: z.string(),
  /** `undoing` and `undo-failed`: what was done may still stand, and may be taken back again. */
  step: z.enum(['asked', 'begun', 'done', 'failed', 'undoing', 'undone', 'undo-failed']),
  who: z.string(),
  reason: z.string(),
  /** Of the incident that it is about. */
  incident: z.string().optional(),
  response: z.string(),
  config: z.record(z.string(), Json),
  plan: JournalPlan,
  /** What was done, or why it was not. */
  said: z.array(z.string()),
  undo: Json.optional(),
  /** SHA-256 of the line before: a line that is changed or taken away is seen. */
  before: z.string(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;
