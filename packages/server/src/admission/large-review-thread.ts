import { parentPort, workerData } from 'node:worker_threads';
import {
  type AdmissionBasis,
  admit,
  openAdmission,
  openAdmissionFrom,
  readReview,
  warmUp,
} from '@breakwater/app/admission';
import type { LargeReviewAnswer, LargeReviewRequest, LargeReviewSetup } from './large-reviews.ts';

const { sources, settings } = workerData as LargeReviewSetup;
const now = (): string => new Date().toISOString();

/* A damaged snapshot is told by the listener; here it only means to judge by the rest. */
const open = (): Promise<AdmissionBasis> =>
  openAdmission(sources, now()).catch(() => openAdmissionFrom(undefined, sources, now()));

let basis = open();
void basis.then((opened) => {
  warmUp(opened, now());
  send('ready');
});

parentPort?.on('message', (message: LargeReviewRequest) => {
  if (message === 'reload') basis = openAdmission(sources, now()).catch(() => basis);
  else void answer(message);
});

async function answer({ id, body, lookups }: Exclude<LargeReviewRequest, 'reload'>): Promise<void> {
  const request = readReview(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  if ('fault' in request) return send({ id, ...request });
  const admission = admit(request, await basis, settings, now(), lookups);
  send({ id, admission, operation: request.operation, asker: request.userInfo });
}

function send(answer: LargeReviewAnswer): void {
  parentPort?.postMessage(answer);
}
