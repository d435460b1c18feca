import type { AdmissionDecision, AdmissionReason, PolicyResult } from '@breakwater/model';
import type { AdmissionRequest } from './admission-request.ts';
import { type AdmissionResponse, answerOf, LONGEST_LINE, oneLine } from './answer.ts';
import type { AdmissionBasis } from './basis.ts';
import { type BreakGlass, breakGlass } from './break-glass.ts';
import { nameOf } from './judge-request.ts';
import { climb, type Rungs } from './ladder.ts';
import { type Asked, type Lookups, NO_LOOKUPS, Questions } from './lookups.ts';
import type { AdmissionSettings } from './settings.ts';

/** What is answered, what is kept of it, and what would have had to be known. */
export interface Admission {
  response: AdmissionResponse;
  /** Absent where the request was let through without a word, and for dry runs. */
  decision?: AdmissionDecision;
  /** Questions to the API server: with their answers the request can be judged again, and better. */
  asked: readonly Asked[];
}

const MOST_REASONS = 20;
/** Of what is kept of a request, in characters. */
const LONGEST_NAME = 253;
const LONGEST_SENTENCE = 500;

/** Subresources that are written by controllers, and whose kind is that of what they belong to. */
const UNJUDGED_SUBRESOURCES = new Set(['status', 'finalize', 'approval']);

/**
 * Judges an admission request by what is known: the one use case of the webhook. Has no effect and never throws for
 * anything in the request.
 *
 * @param now ISO 8601.
 */
export function admit(
  request: AdmissionRequest,
  basis: AdmissionBasis,
  settings: AdmissionSettings,
  now: string,
  lookups: Lookups = NO_LOOKUPS,
): Admission {
  if (settings.excludedNamespaces.has(request.namespace) || UNJUDGED_SUBRESOURCES.has(request.subResource)) {
    return { response: { uid: request.uid, allowed: true }, asked: [] };
  }
  const questions = new Questions(lookups);
  const judging = { request, basis, settings, questions, now };
  const rungs = climb(judging);
  const glass = breakGlass(judging, rungs.block.length > 0);
  const response = answerOf(request, rungs, glass, settings, ageNote(basis, settings, now));
  const decision = request.dryRun ? undefined : decisionOf(request, response, rungs, glass, now);
  return { response, asked: [...questions.asked.values()], ...(decision && { decision }) };
}

/** A note for the audit trail where the snapshot is old; without one there is nothing that could be. */
function ageNote({ time }: AdmissionBasis, { oldAfter }: AdmissionSettings, now: string): Record<string, string> {
  if (time === undefined) return {};
  const age = Date.parse(now) - Date.parse(time);
  return age > oldAfter ? { 'snapshot-age': `${Math.round(age / 1000)} s` } : {};
}

function decisionOf(
  request: AdmissionRequest,
  response: AdmissionResponse,
  rungs: Rungs,
  glass: BreakGlass,
  now: string,
): AdmissionDecision | undefined {
  const outcome = outcomeOf(response, rungs, glass);
  if (outcome === undefined) return undefined;
  const { block, warn, excepted } = rungs;
  const reasons = [...block, ...warn, ...excepted];
  return {
    ...described(request, now),
    outcome,
    reasons: reasons.slice(0, MOST_REASONS).map(reasonOf),
    more: Math.max(0, reasons.length - MOST_REASONS),
    ...(outcome === 'break-glass' && glass.kind === 'granted' && { breakGlass: heldBy(glass) }),
    ...(glass.kind === 'refused' && { note: oneLine(glass.message, LONGEST_SENTENCE) }),
  };
}

function outcomeOf(
  response: AdmissionResponse,
  rungs: Rungs,
  glass: BreakGlass,
): AdmissionDecision['outcome'] | undefined {
  if (!response.allowed) return 'denied';
  if (glass.kind === 'granted' && rungs.block.length > 0) return 'break-glass';
  if (rungs.warn.length > 0) return 'warned';
  return rungs.excepted.length > 0 ? 'excepted' : undefined;
}

const heldBy = ({ reason, until }: { reason: string; until?: string }): { reason: string; until?: string } =>
  until === undefined ? { reason } : { reason, until };

function described(request: AdmissionRequest, now: string): Omit<AdmissionDecision, 'outcome' | 'reasons' | 'more'> {
  const { uid, operation, kind, subResource, namespace, userInfo } = request;
  return {
    time: now,
    uid: name(uid),
    operation,
    kind: name(kind.kind),
    namespace: name(namespace),
    name: name(nameOf(request)),
    user: name(userInfo.username),
    ...(subResource !== '' && { subresource: name(subResource) }),
  };
}

/** Text of strangers that is kept: in one line, and no longer than names are. */
const name = (text: string): string => oneLine(text, LONGEST_NAME);

function reasonOf({ policy, element, verdict, enforcement, message, exception }: PolicyResult): AdmissionReason {
  return {
    policy,
    verdict,
    enforcement,
    message: oneLine(message, LONGEST_SENTENCE),
    ...(element !== undefined && { element: name(element) }),
    ...(exception !== undefined && { exception: name(exception) }),
  };
}

/**
 * The answer where a request could not be judged, by the choice of whoever runs the webhook: let through with a
 * warning, or refused. `why` is a short phrase.
 */
export function answerUnjudged(
  uid: string,
  why: string,
  { failure }: Pick<AdmissionSettings, 'failure'>,
): AdmissionResponse {
  const message = oneLine(`breakwater could not judge this request: ${why}`, LONGEST_LINE);
  const auditAnnotations = { 'not-judged': oneLine(why, 500) };
  if (failure === 'ignore') return { uid, allowed: true, warnings: [message], auditAnnotations };
  const status = { status: 'Failure' as const, code: 503, reason: 'ServiceUnavailable', message };
  return { uid, allowed: false, status, auditAnnotations };
}
