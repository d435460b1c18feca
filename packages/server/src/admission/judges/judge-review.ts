import {
  type AdmissionBasis,
  type AdmissionSettings,
  admit,
  decisionLine,
  type Lookups,
  readReview,
} from '@breakwater/app/admission';
import { reviewText } from '../review-answer.ts';
import type { FoundReview } from './messages.ts';

/** Judges a review, from its text to that of its answer. */
export function judgeReview(
  body: string,
  basis: AdmissionBasis,
  settings: AdmissionSettings,
  now: string,
  lookups: Lookups,
): FoundReview {
  const request = readReview(body);
  if ('fault' in request) return request;
  const { response, decision, asked } = admit(request, basis, settings, now, lookups);
  const { operation, userInfo } = request;
  return {
    review: reviewText(response),
    outcome: decision?.outcome ?? (response.allowed ? 'allowed' : 'denied'),
    operation,
    ...(decision && { decision: decisionLine(decision) }),
    ...(asked.length > 0 && { asked: { questions: asked, asker: userInfo } }),
  };
}
