import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmissionSettings } from '@breakwater/app/admission';
import type { Judges } from './judges/judges.ts';
import type { FoundReview } from './judges/messages.ts';
import type { AdmissionLimits } from './limits.ts';
import type { AdmissionMetrics } from './metrics.ts';
import { type ReviewAnswer, refused, reviewed, unjudged } from './review-answer.ts';
import { type Room, type TakenBody, takeBody, uidIn } from './take-body.ts';

/** What every exchange goes by. */
export interface ExchangeContext {
  judges: Pick<Judges, 'judge'>;
  settings: AdmissionSettings;
  limits: AdmissionLimits;
  metrics: AdmissionMetrics;
  /** Takes what is kept of a review, as a line. */
  record(decision: string): void;
  room: Room;
  /** Reviews that are being read or judged. */
  pending: { count: number };
  /** Milliseconds by which the loop is late. */
  lag(): number;
}

const BUSY = 'too many requests at once';
const TOO_LONG = 'it took too long';

/** One review and its answer: there is always one, only one, and in time. */
export class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #context: ExchangeContext;
  readonly #started = performance.now();
  readonly #isBusy: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #release: () => void;
  /** What came of the review, while it may have to be named without being judged. */
  #start: Buffer | undefined;
  #answered = false;
  #abandon = () => {};

  constructor(request: IncomingMessage, response: ServerResponse, context: ExchangeContext) {
    this.#request = request;
    this.#response = response;
    this.#context = context;
    const { pending, limits, room } = context;
    this.#isBusy = ++pending.count > limits.pending || context.lag() > limits.lag;
    this.#timer = setTimeout(() => this.#giveUp(TOO_LONG), deadlineOf(request, limits));
    this.#release = takeBody(request, limits.body, room, (taken) => this.#take(taken));
  }

  #take(taken: TakenBody): void {
    if ('fault' in taken) {
      this.#start = taken.start;
      if (taken.fault === 'busy') this.#giveUp(BUSY);
      else if (taken.fault === 'aborted') this.#answer(refused(400, 'the request ended early'), 'aborted');
      else this.#answer(refused(413, 'the review is too large'), 'too-large');
      return;
    }
    this.#start = taken.bytes;
    try {
      if (this.#isBusy) this.#giveUp(BUSY);
      else this.#judge(taken.bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #judge(bytes: Buffer): void {
    const judging = this.#context.judges.judge(bytes);
    if (judging === undefined) {
      this.#giveUp(BUSY);
      return;
    }
    this.#abandon = judging.giveUp;
    judging.found
      .then(
        (found) => this.#finish(found),
        (error: Error) => this.#giveUp(error.message),
      )
      .catch((error: unknown) => this.#fail(error));
  }

  #finish(found: FoundReview): void {
    if (this.#answered) return;
    const { metrics, settings, record } = this.#context;
    if ('fault' in found) {
      metrics.unjudged('fault');
      this.#answer(unjudged(found.uid, found.fault, settings, 400), 'fault');
      return;
    }
    const { review, outcome, operation, decision } = found;
    this.#answer(reviewed(review), outcome, operation);
    if (decision !== undefined) record(decision);
  }

  #fail(error: unknown): void {
    console.error(error);
    this.#giveUp('a fault of breakwater');
  }

  #giveUp(why: string): void {
    if (this.#answered) return;
    const { metrics, settings } = this.#context;
    metrics.unjudged(why);
    this.#answer(unjudged(uidIn(this.#start), why, settings), 'not-judged');
    this.#abandon();
  }

  #answer({ status, body, type }: ReviewAnswer, outcome: string, operation = ''): void {
    if (this.#answered) return;
    this.#answered = true;
    clearTimeout(this.#timer);
    this.#release();
    this.#start = undefined;
    this.#context.pending.count -= 1;
    this.#context.metrics.answered(outcome, operation, (performance.now() - this.#started) / 1000);
    if (this.#response.destroyed) return;
    // What is still on its way is not read: the connection cannot be used again.
    const rest = this.#request.complete ? undefined : { Connection: 'close' };
    this.#response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...rest });
    this.#response.end(body);
  }
}

/** An API server says how long it waits: the answer has to be there before. */
function deadlineOf({ url = '' }: IncomingMessage, { deadline }: AdmissionLimits): number {
  const asked = /[?&]timeout=(\d{1,3})s/.exec(url)?.[1];
  return asked === undefined ? deadline : Math.min(deadline, Math.max(200, Number(asked) * 850));
}
