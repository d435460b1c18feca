import { z } from 'zod';
import { Unknown } from './place.ts';
import { PathStep, RankedFix, SCHEMA_VERSION } from './ranking.ts';

/** Somebody as whom a leaked credential signs in. */
export const LeakedIdentity = z.object({
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  /** Empty for users and groups. */
  namespace: z.string(),
  name: z.string(),
  /** Groups that the credential itself states, and those into which Kubernetes puts it. */
  groups: z.array(z.string()),
  /** "client certificate of user admin"; empty where the identity was named. */
  from: z.string(),
  /** ISO 8601; absent where the credential does not end. */
  expires: z.iso.datetime().optional(),
  /** Whether a manifest or a binding names it. */
  known: z.boolean(),
  /** Names that may have been meant, where it is not known. */
  near: z.array(z.string()),
});
export type LeakedIdentity = z.infer<typeof LeakedIdentity>;

/** What kinds of things a credential may reach. */
export const ReachedKind = z.enum(['control-plane', 'node', 'workload', 'secret', 'volume', 'cloud', 'identity']);
export type ReachedKind = z.infer<typeof ReachedKind>;

/** Something that falls with a leaked credential. */
export const Reached = z.object({
  /** Id of the node in the attack graph. */
  id: z.string(),
  kind: ReachedKind,
  label: z.string(),
  /** Empty for what is in none. */
  namespace: z.string(),
  /** Points. */
  value: z.number(),
  /** How often it falls when the credential leaks, 0 to 1. */
  probability: z.number(),
});
export type Reached = z.infer<typeof Reached>;

/** How many of a kind are reached. */
export const ReachedCount = z.object({
  reached: z.number().int(),
  /** Of these, those that fall nearly always. */
  certain: z.number().int(),
  all: z.number().int(),
});
export type ReachedCount = z.infer<typeof ReachedCount>;

/** A change that takes something from a leaked credential: what it removes is of the leak's loss, not the estate's. */
export const LeakCut = RankedFix.pick({
  id: true,
  title: true,
  detail: true,
  lossRemoved: true,
  lossRemovedTogether: true,
  files: true,
});
export type LeakCut = z.infer<typeof LeakCut>;

/** What `breakwater what-if leak` tells. */
export const LeakReport = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  identities: z.array(LeakedIdentity),
  /** Value that falls when the credential leaks, averaged: points. */
  loss: z.number(),
  lossRange: z.tuple([z.number(), z.number()]),
  /** Value of the whole estate: points. */
  value: z.number(),
  counts: z.object({
    workloads: ReachedCount,
    secrets: ReachedCount,
    namespaces: ReachedCount,
  }),
  controlPlane: z.number(),
  /** Chance that a node falls. */
  node: z.number(),
  /** Everything that falls, what costs most first. */
  reached: z.array(Reached),
  /** The likeliest way to what is worth most. */
  paths: z.array(z.object({ to: Reached, steps: z.array(PathStep) })),
  /** The smallest changes that cut it: none of them can be left out. */
  cuts: z.array(LeakCut),
  unknowns: z.array(Unknown),
});
export type LeakReport = z.infer<typeof LeakReport>;
