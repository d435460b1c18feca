import { z } from 'zod';
import { Behaviour, DIMENSIONS } from './behaviour.ts';
import { ProfileRelease } from './learned-profile.ts';
import { ReleaseDifference } from './release.ts';

/** A line of the list of profiles: how far what a container does is known. */
export const ProfileSummary = z.object({
  /** `namespace/Kind/name` of the workload, else the image. */
  subject: z.string(),
  container: z.string().optional(),
  /** Dimensions that are settled, of those that anybody sees. */
  settled: z.number().int().nonnegative(),
  seen: z.number().int().nonnegative(),
  /** Those that are seen and not settled. */
  unsettled: z.array(z.enum(DIMENSIONS)),
  behaviours: z.number().int().nonnegative(),
  pending: z.number().int().nonnegative(),
  /** Releases that are remembered, and the image of the newest by its name, else by its digest. */
  releases: z.number().int().nonnegative(),
  image: z.string().optional(),
  /** When it began and was last heard of, ISO 8601. */
  from: z.string().optional(),
  last: z.string().optional(),
});
export type ProfileSummary = z.infer<typeof ProfileSummary>;

/** `GET /api/profiles`: those with something to decide first, then the least settled. */
export const ProfilePage = z.object({
  items: z.array(ProfileSummary),
  total: z.number().int(),
  nextCursor: z.string().optional(),
});
export type ProfilePage = z.infer<typeof ProfilePage>;

/** Query of the list of profiles; `subject` gives those of one workload. */
export const ProfileQuery = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: z.string().max(200).optional(),
  namespace: z.string().max(253).optional(),
  subject: z.string().max(1000).optional(),
});
export type ProfileQuery = z.infer<typeof ProfileQuery>;

/** Which container of a subject; needed only where it has several. */
export const ContainerQuery = z.object({ container: z.string().max(253).optional() });
export type ContainerQuery = z.infer<typeof ContainerQuery>;

/** Two releases by their ids: by default the newest, and the one that ran before it. */
export const ComparisonQuery = ContainerQuery.extend({
  from: z.string().max(1000).optional(),
  to: z.string().max(1000).optional(),
});
export type ComparisonQuery = z.infer<typeof ComparisonQuery>;

/** A release without what it is made of. */
export const ComparedRelease = ProfileRelease.pick({ since: true, last: true, minutes: true, replicas: true }).extend({
  id: z.string(),
  image: z.string().optional(),
  imageDigest: z.string().optional(),
});
export type ComparedRelease = z.infer<typeof ComparedRelease>;

const NamedBehaviour = z.object({ key: z.string(), behaviour: Behaviour });

/** `GET /api/profiles/{subject}/releases`: what changed in what was built and declared, and what changed in behaviour. */
export const ReleaseComparison = z.object({
  subject: z.string(),
  container: z.string().optional(),
  from: ComparedRelease,
  to: ComparedRelease,
  difference: ReleaseDifference,
  /** New in the later one: that nothing explains and is not known. */
  unexplained: z.array(NamedBehaviour),
  /** New in it, that nothing explains and came while new things were still to be expected. */
  learned: z.array(NamedBehaviour),
  /** New in it, that something of the difference explains, as a sentence. */
  explained: z.array(NamedBehaviour.extend({ by: z.string() })),
  /** Seen in the earlier one and not in the later: it may still come. */
  gone: z.array(NamedBehaviour),
  /** What 99 of 100 minutes of a replica stay below, where it differs, in the units of `ResourceUse`. */
  resources: z.array(z.object({ resource: z.string(), before: z.number(), after: z.number() })).default([]),
  /** Why behaviours may be missing here, a sentence each. */
  unknowns: z.array(z.string()),
});
export type ReleaseComparison = z.infer<typeof ReleaseComparison>;

const keys = z.array(z.string().min(1).max(200)).min(1).max(200);
const owner = z.string().trim().min(1, 'say who answers for it').max(200);
const reason = z.string().trim().min(3, 'say why').max(1000);

/** `POST /api/profiles/{subject}/accept`: somebody answers for behaviours, until a day. */
export const AcceptBehaviours = ContainerQuery.extend({
  /** `behaviourKey` of each. */
  keys,
  owner,
  reason,
  /** The last day on which it counts, `2026-12-31`. */
  expires: z.iso.date(),
});
export type AcceptBehaviours = z.infer<typeof AcceptBehaviours>;

/** `POST /api/profiles/{subject}/hold`: behaviours that are never to be taken for known, however often they come. */
export const HoldBehaviours = ContainerQuery.extend({ keys, owner, reason });
export type HoldBehaviours = z.infer<typeof HoldBehaviours>;
