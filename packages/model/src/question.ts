import { z } from 'zod';
import { Place } from './place.ts';
import { SCHEMA_VERSION } from './ranking.ts';

/** How much of what an answer needs was there; with `nothing` its number is not known, which is not none. */
export const KnownShare = z.enum(['whole', 'part', 'nothing']);
export type KnownShare = z.infer<typeof KnownShare>;

/** Something that an answer rests on. */
export const QuestionEvidence = z.object({
  sentence: z.string(),
  /** What it is about, where that has a page of its own. */
  about: z.object({ kind: z.enum(['workload', 'image', 'policy', 'fix']), id: z.string() }).optional(),
  /** Explains it or shows more of it: `breakwater explain shop/cart`. */
  command: z.string().optional(),
  places: z.array(Place).default([]),
});
export type QuestionEvidence = z.infer<typeof QuestionEvidence>;

/** What an answer leaves open, and what would close it. */
export const QuestionGap = z.object({ sentence: z.string(), hint: z.string().optional() });
export type QuestionGap = z.infer<typeof QuestionGap>;

/** One question about an estate, answered. */
export const QuestionAnswer = z.object({
  /** Its place on the sheet, from 1: `breakwater ask 5`. */
  n: z.number().int().positive(),
  /** Stable, kebab-case: `ways-to-the-internet`. */
  id: z.string(),
  question: z.string(),
  /** `39 of 40 workloads`; the value is null where it is not known. */
  number: z.object({ value: z.number().nullable(), of: z.number().optional(), words: z.string() }),
  sentence: z.string(),
  known: KnownShare,
  /** What the number is made of, the largest first. */
  parts: z.array(z.object({ label: z.string(), count: z.number() })),
  /** The most telling first. */
  evidence: z.array(QuestionEvidence),
  /** Further evidence that is not listed. */
  more: z.number().int().nonnegative(),
  /** What is not known. */
  gaps: z.array(QuestionGap),
  /** What to do next, as a command where there is one. */
  next: z.string().optional(),
});
export type QuestionAnswer = z.infer<typeof QuestionAnswer>;

/** What `breakwater ask --output json` prints, and `GET /api/questions` answers. */
export const QuestionSheet = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** When the estate was judged, ISO 8601. */
  time: z.string(),
  items: z.array(QuestionAnswer),
});
export type QuestionSheet = z.infer<typeof QuestionSheet>;
