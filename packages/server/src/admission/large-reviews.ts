import { Worker } from 'node:worker_threads';
import {
  type Admission,
  type AdmissionSettings,
  type AdmissionSources,
  type Lookups,
  NO_LOOKUPS,
  type ReviewFault,
} from '@breakwater/app/admission';
import { type Asker, type JudgedReview, judgeKnowing, type LookUp } from './judge-review.ts';

/** What the thread is started with. */
export interface LargeReviewSetup {
  sources: AdmissionSources;
  settings: AdmissionSettings;
}

/** A review for the thread, or word that files changed. */
export type LargeReviewRequest = { id: number; body: Uint8Array; lookups: Lookups } | 'reload';

/** What the thread found; before the first review, that it is ready. */
export type LargeReviewAnswer = 'ready' | ({ id: number } & FoundReview);

type FoundReview = { admission: Admission; operation: string; asker: Asker } | ReviewFault;

/** Judges large reviews one after the other, apart from the loop that answers small ones. */
export interface LargeReviews {
  /** Undefined where too many wait. Rejects where the thread was ended. */
  judge(body: Uint8Array, lookUp: LookUp | undefined): Promise<JudgedReview | ReviewFault> | undefined;
  /** Whether the thread was ever ready: until then large reviews are better judged where small ones are. */
  hasStarted(): boolean;
  /** Settled when that is so, or when it cannot start. */
  started: Promise<void>;
  /** What the thread is at took too long: it is ended and started anew. Nothing where it is at nothing yet. */
  giveUpOldest(): void;
  /** Files changed. */
  reload(): void;
  close(): Promise<void>;
}

interface Waiting {
  resolve(found: FoundReview): void;
  reject(error: Error): void;
}

/** Starts the thread. It reads the same files as the listener. */
export function openLargeReviews(setup: LargeReviewSetup, mostWaiting: number): LargeReviews {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let closed = false;
  let isReady = false;
  let hasStarted = false;
  let settle = () => {};
  const started = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let worker = start();

  function start(): Worker {
    const thread = new Worker(new URL('./large-review-thread.ts', import.meta.url), { workerData: setup });
    thread.unref();
    thread.on('message', (answer: LargeReviewAnswer) => {
      if (answer === 'ready') {
        isReady = thread === worker;
        hasStarted = true;
        return settle();
      }
      waiting.get(answer.id)?.resolve(answer);
      waiting.delete(answer.id);
    });
    thread.on('error', (error) => {
      console.error(error);
      settle();
      // One that cannot even start is not started again and again.
      if (thread === worker && isReady) renew('its thread broke down');
    });
    return thread;
  }

  function renew(why: string): void {
    void worker.terminate();
    for (const { reject } of waiting.values()) reject(new Error(why));
    waiting.clear();
    isReady = false;
    if (!closed) worker = start();
  }

  const send = (body: Uint8Array, lookups: Lookups): Promise<FoundReview> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, body, lookups } satisfies LargeReviewRequest);
    });

  const judge = async (body: Uint8Array, lookUp: LookUp | undefined): Promise<JudgedReview | ReviewFault> => {
    const first = await send(body, NO_LOOKUPS);
    if ('fault' in first) return first;
    const { admission, operation, asker } = first;
    if (admission.asked.length === 0 || lookUp === undefined) return { admission, operation };
    const again = async (lookups: Lookups) => {
      const answer = await send(body, lookups);
      return 'fault' in answer ? admission : answer.admission;
    };
    return { admission: await judgeKnowing(again, admission, lookUp, asker), operation };
  };

  return {
    hasStarted: () => hasStarted,
    started,
    judge: (body, lookUp) => (waiting.size < mostWaiting ? judge(body, lookUp) : undefined),
    giveUpOldest() {
      if (waiting.size > 0 && isReady) renew('a large review took too long');
    },
    reload: () => worker.postMessage('reload' satisfies LargeReviewRequest),
    async close() {
      closed = true;
      await worker.terminate();
    },
  };
}
