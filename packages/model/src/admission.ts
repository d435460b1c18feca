import { z } from 'zod';
import { Enforcement, Operation, Verdict } from './policy.ts';

/** What a policy said of an admission request, where it did not pass. */
export const AdmissionReason = z.object({
  policy: z.string(),
  /** Container or the like. */
  element: z.string().optional(),
  verdict: Verdict,
  enforcement: Enforcement,
  message: z.string(),
  exception: z.string().optional(),
});
export type AdmissionReason = z.infer<typeof AdmissionReason>;

/** What became of a request that was not simply let through. Dry runs leave none. */
export const AdmissionDecision = z.object({
  /** ISO 8601. */
  time: z.string(),
  /** Of the AdmissionReview. */
  uid: z.string(),
  outcome: z.enum(['denied', 'warned', 'excepted', 'break-glass']),
  operation: Operation,
  kind: z.string(),
  subresource: z.string().optional(),
  namespace: z.string(),
  name: z.string(),
  /** Who asked. */
  user: z.string(),
  reasons: z.array(AdmissionReason),
  /** More reasons than are listed. */
  more: z.number().int().nonnegative(),
  /** Why the glass was broken, as the user says, and until when that counts. */
  breakGlass: z.object({ reason: z.string(), until: z.string().optional() }).optional(),
  /** Why it was refused, where no policy did. */
  note: z.string().optional(),
});
export type AdmissionDecision = z.infer<typeof AdmissionDecision>;

/** `GET /api/admission`: what was refused, warned of or let through by exception lately, newest first. */
export const AdmissionView = z.object({
  decisions: z.array(AdmissionDecision),
  /** The snapshot that requests are judged by; absent where there is none. */
  snapshot: z.object({ version: z.string(), time: z.string() }).optional(),
  /** The certificate that the webhook of this machine serves with, and its last moment; absent where it never ran here. */
  certificate: z.object({ until: z.string() }).optional(),
  /** What is wrong with policies, exceptions and settings, each with its file and line; absent where nothing is. */
  faults: z.array(z.string()).optional(),
});
export type AdmissionView = z.infer<typeof AdmissionView>;
