import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Component } from './component.ts';
import { Finding } from './finding.ts';
import { Image } from './image.ts';
import { Workload } from './manifest.ts';
import { Unknown } from './place.ts';
import { AttackView, QuietReason, RankedFix, RankedWorkload } from './ranking.ts';
import { Exposure } from './reach.ts';
import { ComponentEvidence } from './vulnerability.ts';

/** A moment in the life of a workload. */
export const TimelineEntry = z.object({
  time: z.string(),
  kind: z.enum(['built', 'running', 'alert']),
  severity: Severity.optional(),
  sentence: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A workload on one page. */
export const WorkloadStory = z.object({
  ranked: RankedWorkload,
  workload: Workload,
  rank: z.number().int().positive(),
  estateLoss: z.number(),
  attack: AttackView,
  exposures: z.array(Exposure),
  findings: z.array(Finding),
  fixes: z.array(RankedFix),
  quiet: z.array(QuietReason),
  timeline: z.array(TimelineEntry),
  unknowns: z.array(Unknown),
});
export type WorkloadStory = z.infer<typeof WorkloadStory>;

export const ImageComponent = Component.omit({ files: true }).extend({
  evidence: ComponentEvidence,
  vulnerabilities: z.number().int(),
  worst: Severity.optional(),
});
export type ImageComponent = z.infer<typeof ImageComponent>;

/** An image on one page. */
export const ImageStory = z.object({
  image: Image.omit({ components: true }),
  components: z.array(ImageComponent),
  findings: z.array(Finding),
  workloads: z.array(z.object({ id: z.string(), loss: z.number() })),
  quiet: z.array(QuietReason),
});
export type ImageStory = z.infer<typeof ImageStory>;

/** A line of the inventory. */
export const ImageSummary = z.object({
  id: z.string(),
  target: z.string(),
  references: z.array(z.string()),
  distribution: z.string().optional(),
  components: z.number().int(),
  vulnerabilities: z.number().int(),
  matter: z.number().int(),
  unknowns: z.number().int(),
  workloads: z.array(z.string()),
});
export type ImageSummary = z.infer<typeof ImageSummary>;

/** Live progress while an estate is taken in. */
export const Progress = z.object({
  /** Rises by one with each message. */
  sequence: z.number().int(),
  stage: z.enum(['idle', 'reading', 'scanning', 'matching', 'ranking', 'storing', 'done', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
  /** What is being worked on: a path or an image. */
  subject: z.string().default(''),
  message: z.string().default(''),
});
export type Progress = z.infer<typeof Progress>;
