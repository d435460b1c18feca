import { ReleaseFacts, ReleaseFile, RuntimeEvent } from '@breakwater/model';
import { z } from 'zod';

/**
 * What a recording consists of, a line each, in the order of time. Events are told in a dictionary, once for whatever
 * is the same behaviour of the same program with the same arguments; a minute of a replica then only says which of them
 * it did, how often, and when it did those that it had not done before. Of attacks every event is told whole.
 */
export const TraceLine = z.discriminatedUnion('line', [
  z.object({
    line: z.literal('recording'),
    version: z.literal(1),
    /** Of the traffic and everything else that chance decides. */
    seed: z.number(),
    /** ISO 8601. */
    started: z.string(),
  }),
  /** Programs and libraries, which releases name by their place in the list of all that was told. */
  z.object({ line: z.literal('files'), files: z.array(ReleaseFile) }),
  /** What was built and declared of a release; of its files each number is the distance from the one before. */
  z.object({
    line: z.literal('release'),
    workload: z.string(),
    tag: z.string(),
    facts: ReleaseFacts.omit({ files: true }),
    files: z.array(z.number()),
  }),
  /** A container begins. */
  z.object({
    line: z.literal('replica'),
    /** Counted up from 0. */
    id: z.number(),
    workload: z.string(),
    kind: z.string(),
    pod: z.string(),
    container: z.string(),
    tag: z.string(),
    time: z.string(),
    /** Why: `first`, `release`, `roll-back`, `restart`, `scale`, `attack`. */
    reason: z.string(),
  }),
  z.object({ line: z.literal('end'), id: z.number(), time: z.string() }),
  /** One of the dictionary, without process ids and times. */
  z.object({ line: z.literal('event'), id: z.number(), event: RuntimeEvent.omit({ time: true }) }),
  z.object({
    line: z.literal('minute'),
    replica: z.number(),
    /** Since 1970. */
    minute: z.number(),
    /** Ids of events, each followed by how often it happened. */
    counts: z.array(z.number()),
    /** Of those that this replica did for the first time: id, milliseconds in the minute, process id and its parent's; 0 where they are packed. */
    firsts: z.array(z.number()),
  }),
  /** Whole, as it was told: what was done during an attack, losses, and what was used. */
  z.object({ line: z.literal('whole'), replica: z.number(), event: RuntimeEvent }),
  /** What is known of what was done, for the judge alone. */
  z.object({
    line: z.literal('attack'),
    replica: z.number(),
    action: z.string(),
    from: z.string(),
    until: z.string(),
    /** What the attack's program printed, shortened. */
    output: z.string(),
  }),
  /** Administration, for the report. */
  z.object({ line: z.literal('work'), workload: z.string(), what: z.string(), time: z.string() }),
]);
export type TraceLine = z.infer<typeof TraceLine>;
