import { z } from 'zod';
import { DIMENSIONS } from './behaviour.ts';
import { AlertBudget, KnownOrigin } from './learned-profile.ts';
import { ReleaseDifference, ReleaseFacts } from './release.ts';

const count = z.number().int().nonnegative();
/** Minutes since 1970; -1 for never. */
const minute = z.number().int().min(-1);
/** Place of a text in `names`; -1 for none. */
const name = z.number().int().min(-1);

/** A behaviour, packed: there are thousands, and the same paths over and over. */
const StateEntry = z.object({
  key: z.string(),
  /** Actor, parent, object, applet: places in `names`. */
  n: z.tuple([name, name, name, name]),
  /** Place in `DIMENSIONS`; incidences; first, last and newest counted minute; the replicas in it, as bits. */
  c: z.tuple([count, count, minute, minute, minute, z.number().int()]),
  access: z.enum(['read', 'write', 'create', 'delete']).optional(),
  inImage: z.boolean().optional(),
  origin: KnownOrigin.optional(),
  /** What it was before somebody answered for it. */
  base: KnownOrigin.optional(),
  /** Places in `names`: why it is known, and why repetition never absorbs it. */
  reason: name.optional(),
  grave: name.optional(),
  /** From when witnesses count, and until when somebody answers for it. */
  since: minute,
  until: minute.optional(),
  /** Numbers of replicas, days and releases. */
  w: z.tuple([z.array(count), z.array(count), z.array(count)]),
  incidents: z.array(z.string()).optional(),
  /** It was not only seen in the first minutes of replicas; a prior says it. */
  later: z.literal(true).optional(),
  prior: z.literal(true).optional(),
  /** It came with something grave, and is not learned until another replica does so. */
  quarantined: z.literal(true).optional(),
  /** Others that are known, or the image, say so as well: it is the first to go where room is scarce. */
  implied: z.literal(true).optional(),
});
export type StateEntry = z.infer<typeof StateEntry>;

/** A replica: its number, the newest minute that was watched, which of the 32 up to it were, and which with losses. */
const StateReplica = z.object({
  name: z.string(),
  number: count,
  born: minute,
  isStart: z.boolean(),
  last: minute,
  watched: z.number().int(),
  partial: z.number().int(),
  behind: count,
  behindAt: minute,
  minutes: z.number().int(),
  release: z.number().int(),
  used: minute,
  /** By resource for how many minutes it has been far above what was usual, and what that was. */
  above: z.record(z.string(), z.object({ minutes: z.number(), usual: z.number() })),
  /** Until when what is new on it is not learned. */
  suspect: minute.default(-1),
  /** Until when it is told. */
  told: minute.default(-1),
});

/** A file of a release as a row of names, and of places in `names`. */
const StateFile = z.array(z.union([z.string(), z.number().int()]));
export type StateFile = z.infer<typeof StateFile>;

const StateRelease = z.object({
  number: count,
  /** Without its files. */
  facts: ReleaseFacts,
  files: z.array(StateFile),
  /** Folders that it calls otherwise, and how they were called. */
  folders: z.array(z.tuple([z.string(), z.string()])),
  since: minute,
  last: minute,
  minutes: count,
  replicas: z.array(count),
  starts: count,
  difference: ReleaseDifference.optional(),
  explained: z.array(z.tuple([z.string(), z.string()])),
  unexplained: z.array(z.string()),
});
export type StateRelease = z.infer<typeof StateRelease>;

/** A resource; pairs of a bucket and how many fell into it; how often nothing was used; the highest. */
export const StateSketch = z.tuple([z.string(), z.array(z.tuple([z.number().int(), count])), count, z.number()]);
export type StateSketch = z.infer<typeof StateSketch>;

/** Everything that a model of behaviour rests on, as plain JSON below 2 MB: who restores it judges as before. */
export const BehaviourModelState = z.object({
  version: z.literal(1),
  subject: z.string(),
  container: z.string().optional(),
  budget: AlertBudget,
  names: z.array(z.string()),
  entries: z.array(StateEntry),
  replicas: z.array(StateReplica),
  releases: z.array(StateRelease),
  /** Numbers given to replicas and releases; replicas that were watched for long; starts that were watched. */
  given: z.object({ replicas: count, releases: count, longWatched: count, starts: count }),
  /** Whole and partial minutes by dimension, in the order of `DIMENSIONS`. */
  minutes: z.array(count).length(DIMENSIONS.length),
  partialMinutes: z.array(count).length(DIMENSIONS.length),
  /** Different hours that were watched: how many, the first, the newest, and how far a clock is behind. */
  hours: z.array(z.number().int()).length(5),
  /** Newest minute of anything. */
  latest: minute,
  /** How often something happened for which it has to be counted again what is settled. */
  changes: count,
  /** Keys that found no room: a sketch of them, and how many they are. */
  dropped: z.tuple([z.string(), count]),
  /** What was settled when it was counted last, and at how many minutes and changes that was. */
  settled: z.object({
    flags: z.array(z.boolean()).length(DIMENSIONS.length),
    steady: z.array(z.boolean()).length(DIMENSIONS.length),
    /** Of states that were kept before it was counted it is not known, until it is. */
    calm: z
      .array(z.boolean())
      .length(DIMENSIONS.length)
      .default(() => DIMENSIONS.map(() => false)),
    once: z.array(count).length(DIMENSIONS.length),
    minutes: count,
    changes: count,
  }),
  /** Keys that incidents hold before they were seen, a pair for each. */
  held: z.array(z.tuple([z.string(), z.string()])),
  /** What alerts were about, and on which replicas, by their numbers, each cast doubt within a day, and when. */
  alerts: z.array(z.object({ about: z.string(), doubted: z.array(z.tuple([count, minute])) })).default([]),
  sketches: z.array(StateSketch),
  /** The same by number of a release, of the newest few. */
  releaseSketches: z.array(z.tuple([count, z.array(StateSketch)])).optional(),
  growth: z.array(z.tuple([minute, count])),
  /** Minutes in which each day of watched hours was over, the newest last. */
  days: z.array(minute).default([]),
  /** When room was looked for last among what others imply. */
  searched: minute.default(-1),
  /** How often something was not kept, or let go, as others imply it. */
  letGo: count.default(0),
});
export type BehaviourModelState = z.infer<typeof BehaviourModelState>;
