import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Enforcement } from './policy.ts';

/** A policy on the ladder of admission, and what it says of what is there today. */
export const LadderPolicy = z.object({
  policy: z.string(),
  title: z.string(),
  severity: Severity,
  enforcement: Enforcement,
  /** Objects that fail today, that could not be decided, and that exceptions cover. */
  failing: z.number().int(),
  undecided: z.number().int(),
  excepted: z.number().int(),
});
export type LadderPolicy = z.infer<typeof LadderPolicy>;

/** What admission would do to what one team answers for, were it admitted again today. */
export const TeamOutlook = z.object({
  name: z.string(),
  /** What says that it is theirs. */
  from: z.enum(['label', 'namespace-label', 'code-owners', 'namespace', 'nobody']),
  /** Objects that would be refused, those that would be warned of, and those that only the audit trail would name. */
  refused: z.number().int(),
  warned: z.number().int(),
  audited: z.number().int(),
  /** Some of them, those that would be refused first. */
  objects: z.array(z.object({ id: z.string(), enforcement: Enforcement, policy: z.string(), message: z.string() })),
});
export type TeamOutlook = z.infer<typeof TeamOutlook>;

/** An exception in force, and how much it covers. */
export const ExceptionOutlook = z.object({
  name: z.string(),
  policies: z.array(z.string()),
  owner: z.string(),
  reason: z.string(),
  /** Last day on which it counts. */
  expires: z.string(),
  compensating: z.string(),
  /** Results that it covers today, in any phase. */
  covers: z.number().int(),
});
export type ExceptionOutlook = z.infer<typeof ExceptionOutlook>;

/** `GET /api/admission/outlook`: what admission would say of the estate as it stands. */
export const AdmissionOutlook = z.object({
  /** ISO 8601. */
  time: z.string(),
  /** Those that block first, then by what fails. */
  policies: z.array(LadderPolicy),
  /** The most refusals first. */
  teams: z.array(TeamOutlook),
  exceptions: z.array(ExceptionOutlook),
  /** Webhooks and policies of API servers, among what was given, that refuse what is not allowed: whose, and where. */
  guards: z.array(z.object({ name: z.string(), kind: z.string(), does: z.string(), isOurs: z.boolean() })),
});
export type AdmissionOutlook = z.infer<typeof AdmissionOutlook>;
