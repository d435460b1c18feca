import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Ingest, IngestStore, SensorKey } from '@breakwater/app/ingest';
import { openKeyRing } from '@breakwater/app/ingest';
import { type Problem, UpstreamError, UserError } from '@breakwater/model';
import { type Budget, openBudget } from './budget.ts';

/** A request that carries events, as any listener took it. Names of headers are in lower case. */
export interface EventsRequest {
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

/** What is answered: JSON. */
export interface EventsAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Answers requests with events. */
export interface EventsDesk {
  /** Why a request is not to be read at all: it proves nothing, or comes too soon. Asked before its body is taken. */
  refuse(headers: EventsRequest['headers']): Promise<EventsAnswer | undefined>;
  answer(request: EventsRequest): Promise<EventsAnswer>;
}

export interface EventsDeskOptions {
  ingest: Pick<Ingest, 'take'>;
  keys: Pick<IngestStore, 'keys'>;
  /** Events that each key may send in a second; what was not sent for ten seconds may come at once. */
  perSecond: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Takes errors that are bugs of ours. */
  report(error: unknown): void;
}

/** Bytes of a body as it comes, and once it is unpacked. */
export const EVENTS_BODY = 16 * 1024 * 1024;
const UNPACKED_BODY = 32 * 1024 * 1024;
/** Least and most bytes that are unpacked in one step: with many steps, they cost more than what they do. */
const STEP = { least: 16 * 1024, most: 4 * 1024 * 1024 };
/** Requests with a wrong key that are answered at once, and how many more each second: others wait. */
const WRONG_KEYS = { store: 50, perSecond: 5 };
const STORED_SECONDS = 10;
/** Bodies that are unpacked and read at once: others wait as they came. */
const AT_ONCE = 4;
/** What a request costs beside its events: bytes that are read count too. */
const BYTES_PER_EVENT = 1024;
const MOST_BUDGETS = 10_000;

const unpack = promisify(gunzip);

/** Checks the key, the pace and the body of requests, and gives what they carry to ingest. */
export function openEventsDesk({ ingest, keys, perSecond, now, report }: EventsDeskOptions): EventsDesk {
  const ring = openKeyRing(keys, now);
  const turn = openTurns(AT_ONCE);
  const wrong = openBudget(WRONG_KEYS, now);
  const budgets = new Map<string, Budget>();
  const budgetOf = (id: string): Budget => {
    const known = budgets.get(id);
    if (known !== undefined) return known;
    if (budgets.size >= MOST_BUDGETS) budgets.clear();
    const made = openBudget({ store: perSecond * STORED_SECONDS, perSecond }, now);
    budgets.set(id, made);
    return made;
  };
  const admit = async (headers: EventsRequest['headers']): Promise<SensorKey | EventsAnswer> => {
    const key = await ring.verify(keyIn(headers['authorization'] ?? ''));
    if (typeof key === 'string') {
      const wait = wrong.wait();
      if (wait > 0) return tooSoon(wait);
      wrong.spend(1);
      return wrongKey(key);
    }
    const wait = budgetOf(key.id).wait();
    return wait > 0 ? tooSoon(wait) : key;
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T | EventsAnswer> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError) && !(error instanceof UpstreamError)) report(error);
      return answerOf(error);
    }
  };
  return {
    refuse: (headers) =>
      guarded(async () => {
        const found = await admit(headers);
        return 'status' in found ? found : undefined;
      }),
    answer: ({ headers, body }) =>
      guarded(async () => {
        const key = await admit(headers);
        if ('status' in key) return key;
        const budget = budgetOf(key.id);
        budget.spend(body.length / BYTES_PER_EVENT);
        const receipt = await turn(async () => {
          const text = await unpacked(headers, body);
          return await ingest.take({ key: key.id, sender: key.name, cluster: key.cluster, text, ...namesIn(headers) });
        });
        budget.spend(Math.max(0, receipt.accepted - body.length / BYTES_PER_EVENT));
        return json(200, receipt);
      }) as Promise<EventsAnswer>,
  };
}

/** Lets so many work at once; others have their turn in order. */
function openTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let working = 0;
  return async (work) => {
    if (working >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else working += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else working -= 1;
    }
  };
}

/** `Bearer KEY`, or Basic with the key as the password: Falco can be given no header, but an address with a password. */
function keyIn(header: string): string {
  const bearer = /^Bearer +(\S{1,200})$/i.exec(header)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^Basic +([A-Za-z0-9+/=]{1,400})$/i.exec(header)?.[1] ?? '';
  return Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
}

async function unpacked(headers: EventsRequest['headers'], body: Uint8Array): Promise<Uint8Array> {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip') {
    throw new UserError('The body is packed in a way that is not understood.', {
      code: 'encoding-unknown',
      hint: 'Send it as it is, or with Content-Encoding: gzip.',
    });
  }
  try {
    return await unpack(body, { maxOutputLength: UNPACKED_BODY, chunkSize: toldSize(body) });
  } catch (cause) {
    const isLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isLarge
      ? new UserError('The body is larger than 32 MiB once it is unpacked.', {
          code: 'body-too-large',
          hint: PARTS,
          cause,
        })
      : new UserError('The body is no whole gzip.', { code: 'body-broken', cause });
  }
}

/** Bytes that gzip says it holds, at its end, as far as one step may have them: who sends it may say anything. */
function toldSize(body: Uint8Array): number {
  const told = body.length < 4 ? 0 : new DataView(body.buffer, body.byteOffset).getUint32(body.length - 4, true);
  return Math.min(STEP.most, Math.max(STEP.least, told + 1));
}

const PARTS = 'Send it in parts.';
const SENSOR = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/;

/** What our sensor says of a batch; headers of others are passed over. */
function namesIn(headers: EventsRequest['headers']) {
  const sensor = headers['breakwater-sensor'] ?? '';
  const [sequence, oldest] = [numberIn(headers['breakwater-sequence']), numberIn(headers['breakwater-oldest'])];
  if (sensor === '' && sequence === undefined) return { sensor: '' };
  if (!SENSOR.test(sensor) || sequence === undefined || (oldest ?? 1) > sequence) {
    throw new UserError('The headers that name sensor and batch are broken.', {
      code: 'batch-unnamed',
      hint: 'Breakwater-Sensor is a name, Breakwater-Sequence counts batches from 1, Breakwater-Oldest is not above it.',
    });
  }
  return { sensor, sequence, oldest, sentAt: headers['breakwater-time'] };
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;

/** Statuses of errors that are not simply the sender's to mend. */
const STATUSES: Readonly<Record<string, number>> = {
  'body-too-large': 413,
  'encoding-unknown': 415,
  'sequence-gaps': 409,
  'sensors-too-many': 403,
};

function answerOf(error: unknown): EventsAnswer {
  if (error instanceof UserError) return problem(STATUSES[error.code] ?? 400, error.message, error.code, error.hint);
  // Whatever else it is, what was sent is not stored: it is to be sent again.
  const answer = problem(503, 'The events could not be stored.', 'store-unreachable', 'Send them again later.');
  return { ...answer, headers: { ...answer.headers, 'retry-after': '5' } };
}

function wrongKey(found: 'unknown' | 'revoked'): EventsAnswer {
  const title = found === 'revoked' ? 'This key was revoked.' : 'The key is missing or wrong.';
  const answer = problem(401, title, `key-${found}`, 'Make one: breakwater ingest key NAME');
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Bearer' } };
}

function tooSoon(wait: number): EventsAnswer {
  const answer = problem(429, 'Too much for now.', 'too-many-events', 'Wait as long as Retry-After says.');
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(Math.max(1, Math.ceil(wait / 1000))) } };
}

/** An answer as RFC 9457 tells. */
export function problem(status: number, title: string, code: string, hint?: string): EventsAnswer {
  const about: Problem = { type: 'about:blank', title, status, code, ...(hint && { hint }) };
  return { ...json(status, about), headers: { 'content-type': 'application/problem+json' } };
}

const json = (status: number, body: object): EventsAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
