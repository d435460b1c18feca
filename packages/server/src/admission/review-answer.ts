import { type AdmissionResponse, answerUnjudged } from '@breakwater/app/admission';

/** What goes back: an AdmissionReview, or an HTTP status where a request cannot be told from others. */
export interface ReviewAnswer {
  status: number;
  body: string;
  type: 'application/json' | 'text/plain; charset=utf-8';
}

/** An AdmissionReview with its response, as it goes over the wire. */
export const reviewText = (response: AdmissionResponse): string =>
  `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":${JSON.stringify(response)}}`;

/** An AdmissionReview that was written already. */
export const reviewed = (review: string): ReviewAnswer => ({ status: 200, body: review, type: 'application/json' });

/** A plain status: an API server then goes by the failure policy of the webhook. */
export const refused = (status: number, why: string): ReviewAnswer => ({
  status,
  body: `${why}\n`,
  type: 'text/plain; charset=utf-8',
});

/** What is answered without judging: by choice where the request can be named, else by the failure policy. */
export function unjudged(
  uid: string | undefined,
  why: string,
  settings: { failure: 'ignore' | 'fail' },
  status = 503,
): ReviewAnswer {
  return uid === undefined ? refused(status, why) : reviewed(reviewText(answerUnjudged(uid, why, settings)));
}
