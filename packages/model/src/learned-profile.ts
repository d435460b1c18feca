import { z } from 'zod';
import { Behaviour, DIMENSIONS } from './behaviour.ts';
import { ReleaseDifference, ReleaseFacts } from './release.ts';

const Dimension = z.enum(DIMENSIONS);

/** How a behaviour came to be known. */
export const KnownOrigin = z.enum([
  /** The image or the manifest says so. */
  'declared',
  /** The image's own tests did it. */
  'recorded',
  /** It was seen, with enough independent witnesses. */
  'learned',
  /** A release explains it. */
  'explained',
  /** Somebody answers for it. */
  'accepted',
]);
export type KnownOrigin = z.infer<typeof KnownOrigin>;

/** A behaviour of a profile, and what speaks for it. */
export const KnownBehaviour = z.object({
  behaviour: Behaviour,
  /** `behaviourKey`. */
  key: z.string(),
  origin: KnownOrigin,
  /** Minutes of replicas in which it was seen: not how often. */
  incidences: z.number().int().nonnegative(),
  /** Different replicas that did it; counted up to a bound. */
  replicas: z.number().int().nonnegative(),
  /** Different days (UTC) on which it was seen; counted up to a bound. */
  days: z.number().int().nonnegative(),
  /** Ids of releases that did it, the oldest first; the newest few. */
  releases: z.array(z.string()),
  /** ISO 8601; absent for what was never seen. */
  first: z.string().optional(),
  last: z.string().optional(),
  /** Why it is known where that is not by being seen, as a sentence; with the one who answers for it. */
  reason: z.string().optional(),
  /** Until when somebody answers for it. */
  expires: z.string().optional(),
});
export type KnownBehaviour = z.infer<typeof KnownBehaviour>;

/** A behaviour that is not absorbed: what repetition alone does not make good. */
export const PendingBehaviour = z.object({
  behaviour: Behaviour,
  key: z.string(),
  /** Why it is not known: it awaits witnesses, is never absorbed by repetition, or belongs to an open incident. */
  held: z.enum(['witnesses', 'never', 'incident']),
  /** The same as a sentence. */
  reason: z.string(),
  incident: z.string().optional(),
  incidences: z.number().int().nonnegative(),
  replicas: z.number().int().nonnegative(),
  days: z.number().int().nonnegative(),
  releases: z.array(z.string()),
  first: z.string(),
  last: z.string(),
});
export type PendingBehaviour = z.infer<typeof PendingBehaviour>;

/** How sure a dimension is: how much of what a workload does in it was not seen yet. */
export const DimensionState = z.object({
  dimension: Dimension,
  /** Whether it is seen at all by what reports: of a dimension that nobody sees nothing follows. */
  isSeen: z.boolean(),
  /** Minutes of replicas that were watched whole; those with losses count for nothing. */
  minutes: z.number().int().nonnegative(),
  partialMinutes: z.number().int().nonnegative(),
  behaviours: z.number().int().nonnegative(),
  /** Seen in exactly one minute of one replica: what Good and Turing take for the unseen. */
  once: z.number().int().nonnegative(),
  /** False alerts that are to be expected of it in the period of the budget: the estimate, and its 95 % upper bound. */
  expected: z.number().nonnegative(),
  atMost: z.number().nonnegative(),
  isSettled: z.boolean(),
  /** What is missing, as a sentence: `settles after 31 more hours without anything new`. */
  note: z.string(),
});
export type DimensionState = z.infer<typeof DimensionState>;

/** False alerts that are borne: so many of each workload in so many hours. */
export const AlertBudget = z.object({ alerts: z.number().positive(), hours: z.number().positive() });
export type AlertBudget = z.infer<typeof AlertBudget>;

/** Use of one resource by one replica, from a sketch whose size is bounded. */
export const ResourceUse = z.object({
  /** `cpu` in cores, `memory` in bytes, `tasks`, `received` and `sent` in bytes a second. */
  resource: z.string(),
  samples: z.number().int().nonnegative(),
  median: z.number(),
  p95: z.number(),
  p99: z.number(),
  highest: z.number(),
  /** Replicas that use far more now than they do: for how many minutes, and what 99 of 100 minutes stay below. */
  above: z
    .array(z.object({ replica: z.string(), minutes: z.number().int().positive(), usual: z.number().nonnegative() }))
    .optional(),
});
export type ResourceUse = z.infer<typeof ResourceUse>;

/** One release of a workload, as its behaviour knows it. */
export const ProfileRelease = z.object({
  facts: ReleaseFacts,
  /** First and last event of it. */
  since: z.string(),
  last: z.string(),
  minutes: z.number().int().nonnegative(),
  replicas: z.number().int().nonnegative(),
  /** From the release that ran before; absent for the first. */
  difference: ReleaseDifference.optional(),
  /** Behaviours that are new with it: explained by what changed, and by nothing. */
  explained: z.array(z.object({ key: z.string(), behaviour: Behaviour, by: z.string() })),
  unexplained: z.array(z.object({ key: z.string(), behaviour: Behaviour })),
  /** What its replicas use; kept of the newest few. */
  resources: z.array(ResourceUse).optional(),
});
export type ProfileRelease = z.infer<typeof ProfileRelease>;

/** What is known of the behaviour of one container of a workload: what people read, compare, export and sign. */
export const LearnedProfile = z.object({
  version: z.literal(1),
  /** `namespace/Kind/name` of the workload, else the image. */
  subject: z.string(),
  container: z.string().optional(),
  /** ISO 8601, of what it rests on. */
  from: z.string().optional(),
  until: z.string().optional(),
  budget: AlertBudget,
  dimensions: z.array(DimensionState),
  behaviours: z.array(KnownBehaviour),
  pending: z.array(PendingBehaviour),
  releases: z.array(ProfileRelease),
  resources: z.array(ResourceUse),
  /** Behaviours that found no room: with any of them nothing is settled. */
  dropped: z.number().int().nonnegative().default(0),
  /** How often a file was not kept, or let go, as others that are known imply it: not each that may be opened is listed. */
  letGo: z.number().int().positive().optional(),
  /** Behaviours that were known by the end of each day or hour, for the picture of its growth. */
  growth: z.array(z.object({ time: z.string(), behaviours: z.number().int() })),
});
export type LearnedProfile = z.infer<typeof LearnedProfile>;

/** What the model makes of one behaviour at one moment. */
export const BehaviourJudgement = z.object({
  behaviour: Behaviour,
  key: z.string(),
  /**
   * `known`: nothing to say. `explained`: new, and a release, a declaration or a witness explains it. `learning`: new,
   * where new things are still to be expected. `deviation`: new, and nothing explains it.
   */
  verdict: z.enum(['known', 'explained', 'learning', 'deviation']),
  /** Bits: `-log2` of how probable it was. 0 for what is known. */
  surprise: z.number().nonnegative(),
  /** Sentences that make up the surprise: `seen here 0 times in 41 hours`, `its parent was never seen to start anything`. */
  reasons: z.array(z.string()),
  /** Whether its dimension was settled: only then may it be blocked. */
  isSettled: z.boolean(),
  /** Whether it is of a kind that repetition never absorbs. */
  isGrave: z.boolean(),
  /** When it was seen, where it is told late: something grave came after it. ISO 8601, to the minute. */
  seen: z.string().optional(),
});
export type BehaviourJudgement = z.infer<typeof BehaviourJudgement>;

/** What the model makes of a resource that a replica used: told once where it is no more what is usual. */
export const ResourceJudgement = z.object({
  /** As in `ResourceUse`. */
  resource: z.string(),
  replica: z.string(),
  value: z.number(),
  /** What 99 of 100 minutes stay below. */
  usual: z.number().nonnegative(),
  /** For how many minutes it has been far above. */
  minutes: z.number().int().positive(),
  /** As in `BehaviourJudgement`: `learning` where too little was seen to say what is usual. */
  verdict: z.enum(['learning', 'deviation']),
  /** The same as a sentence. */
  reason: z.string(),
});
export type ResourceJudgement = z.infer<typeof ResourceJudgement>;
