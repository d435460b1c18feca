import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Place } from './place.ts';
import { Enforcement, Phase, Verdict } from './policy.ts';
import { ComponentEvidence } from './vulnerability.ts';

/** Facts judged: a vulnerability, a violated policy, an exposure, a deviation; or what another tool reports. */
export const Finding = z.object({
  /** See `findingKey`. */
  key: z.string(),
  kind: z.enum(['vulnerability', 'policy', 'exposure', 'runtime', 'report']),
  phase: Phase,
  /** Policy name, vulnerability id, rule of a runtime source. */
  rule: z.string(),
  title: z.string(),
  severity: Severity,
  /** Workload id, or image id where no workload runs it. */
  subject: z.string(),
  workload: z.string().optional(),
  image: z.string().optional(),
  component: z.string().optional(),
  version: z.string().optional(),
  fixedVersion: z.string().optional(),
  /** What, where. */
  message: z.string(),
  /** Why it matters here, or why not. */
  why: z.string(),
  fix: z.string(),
  /** How sure, as a phrase: "Debian's own advisory, exact version". */
  confidence: z.string(),
  /** What was not checked; empty when nothing was left out. */
  notChecked: z.string().default(''),
  verdict: Verdict,
  enforcement: Enforcement,
  /** Whether it counts among those that matter. */
  matters: z.boolean(),
  exception: z.string().optional(),
  evidence: ComponentEvidence.optional(),
  places: z.array(Place).default([]),
  /** When the underlying thing happened, for runtime findings, ISO 8601. */
  time: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** One link of source -> fact -> finding -> decision -> action. */
export const ChainLink = z.object({
  step: z.enum(['source', 'fact', 'finding', 'decision', 'action']),
  sentence: z.string(),
  /** Where it comes from: file, advisory, event source. */
  from: z.string().optional(),
  time: z.string().optional(),
  place: Place.optional(),
});
export type ChainLink = z.infer<typeof ChainLink>;

/** What `explain ID` prints and a finding's page shows. */
export const Explanation = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  chain: z.array(ChainLink),
  related: z.array(z.object({ id: z.string(), title: z.string() })).default([]),
});
export type Explanation = z.infer<typeof Explanation>;
