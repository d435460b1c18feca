import { z } from 'zod';
import { AdvisoryStatus } from './advisory.ts';
import { Unknown } from './place.ts';
import { AttackEdge, AttackNode } from './reach.ts';

/** Version of the JSON that `rank`, `scan` and the API print. Raised when a field changes its meaning or goes. */
export const SCHEMA_VERSION = 1;

/** One step of an attack path, in words. */
export const PathStep = z.object({
  from: z.string(),
  to: z.string(),
  /** "through ingress shop". */
  phrase: z.string(),
  probability: z.number(),
  reason: z.string(),
  /** What stops it, as a phrase: "drop SYS_ADMIN". */
  mitigation: z.string().optional(),
  /** `AttackEdge.id`. */
  edge: z.string(),
});
export type PathStep = z.infer<typeof PathStep>;

const PhaseMark = z.enum(['critical', 'high', 'medium', 'low', 'clean', 'unknown']);

/** Marks for the three phases: what each knows of a workload. */
export const PhaseMarks = z.object({ build: PhaseMark, deploy: PhaseMark, run: PhaseMark });
export type PhaseMarks = z.infer<typeof PhaseMarks>;

export const RankedWorkload = z.object({
  id: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  /** Points: probability times impact. Ranks workloads, is never summed. */
  loss: z.number(),
  /** The same with unknowns at their best and at their worst. */
  lossRange: z.tuple([z.number(), z.number()]),
  /** Share of worlds in which it falls, 0 to 1. */
  probability: z.number(),
  /** Expected value that falls onward from it, itself included. */
  impact: z.number(),
  /** One sentence: what, where, why it matters here. */
  why: z.string(),
  /** Likeliest way in. */
  path: z.array(PathStep),
  /** Likeliest way on, to what is worth most. */
  onward: z.array(PathStep),
  /** Numbers of the estate's fixes that lower it. */
  fixes: z.array(z.number().int()),
  vulnerabilities: z.object({ total: z.number().int(), matter: z.number().int() }),
  images: z.array(z.object({ reference: z.string(), image: z.string().optional() })),
  phases: PhaseMarks,
  unknowns: z.array(z.string()),
});
export type RankedWorkload = z.infer<typeof RankedWorkload>;

export const RankedFix = z.object({
  /** Number across the estate, 1 removes most. */
  n: z.number().int().positive(),
  id: z.string(),
  title: z.string(),
  detail: z.string(),
  /** Points of the estate's expected loss that go when it alone is applied. */
  lossRemoved: z.number(),
  /** The same for fix 1 to this one, applied together. */
  lossRemovedTogether: z.number(),
  /** Files that the patch touches, relative to the working folder; empty when no file at hand can carry it. */
  files: z.array(z.string()),
  afterRebuild: z.boolean(),
  workloads: z.array(z.string()),
});
export type RankedFix = z.infer<typeof RankedFix>;

/** Why vulnerabilities do not matter here, by number. */
export const QuietReason = z.object({ reason: z.string(), count: z.number().int() });
export type QuietReason = z.infer<typeof QuietReason>;

export const Ranking = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** When it was computed, ISO 8601. */
  time: z.string(),
  /** The estate's expected loss: value that falls in a world, averaged. */
  loss: z.number(),
  lossRange: z.tuple([z.number(), z.number()]),
  /** All value there is. */
  value: z.number(),
  /** Pairs of component and vulnerability over all workloads. */
  vulnerabilities: z.object({ total: z.number().int(), matter: z.number().int(), quiet: z.array(QuietReason) }),
  exposedWorkloads: z.number().int(),
  workloads: z.array(RankedWorkload),
  fixes: z.array(RankedFix),
  unknowns: z.array(Unknown),
  advisories: AdvisoryStatus.optional(),
});
export type Ranking = z.infer<typeof Ranking>;

/** The part of the attack graph around one workload, for drawing. */
export const AttackView = z.object({ nodes: z.array(AttackNode), edges: z.array(AttackEdge) });
export type AttackView = z.infer<typeof AttackView>;
