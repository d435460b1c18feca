import { type ClientRequest, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { UserError } from '@breakwater/model';

/** What the server said of a batch. */
export type Outcome =
  | { kind: 'stored' }
  /** Send it again, after so many milliseconds where the server says so. */
  | { kind: 'later'; reason: string; after?: number }
  /** It will not take anything from us as we are. */
  | { kind: 'refused'; reason: string }
  /** It will not take this batch, however often it comes. */
  | { kind: 'unacceptable'; reason: string };

export interface ServerAddress {
  /** Where batches go: `https://HOST:PORT/api/v1/events`. */
  url: URL;
  /** Who vouches for it, PEM; those that the system trusts where none is given. */
  authority?: string | undefined;
}

const EVENTS_PATH = '/api/v1/events';
const ANSWER_TIME = 60_000;
const LONGEST_ANSWER = 65_536;
const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost)$/;
/** Statuses that say nothing of the batch: it is sent again. */
const TEMPORARY: ReadonlySet<number> = new Set([408, 409, 425, 429]);
const UNACCEPTABLE: ReadonlySet<number> = new Set([400, 413, 415, 422]);
/** Errors of certificates, as OpenSSL names them. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;
/** What a server may ask us to wait at most. */
const LONGEST_WAIT = 300_000;

/** Reads an address. The key goes over a connection that others cannot read, or to this machine. @throws {UserError} */
export function parseServerAddress(text: string, authority?: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UserError(`'${text}' is no address of a server.`, {
      code: 'server-invalid',
      hint: 'Write https://HOST:PORT. The key goes into a file: --key-file FILE',
    });
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new UserError('Over http others could read the key, and what is sent.', {
      code: 'server-unsafe',
      hint: `Use https://${url.host}, with --authority FILE where the server has a certificate of its own.`,
    });
  }
  if (url.pathname === '/' || url.pathname === '') url.pathname = EVENTS_PATH;
  return { url, ...(authority !== undefined && { authority }) };
}

/** Sends one batch. Never throws, never follows to another place. */
export function postBatch(
  { url, authority }: ServerAddress,
  headers: Record<string, string>,
  payload: Buffer,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const later = (error: Error & { code?: string }): void => {
      const reason = reasonOf(error);
      if (UNTRUSTED.test(reason))
        resolve({ kind: 'refused', reason: `${reason}: nobody whom we trust vouches for it` });
      else resolve({ kind: 'later', reason });
    };
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(payload.length) },
      signal,
      timeout: ANSWER_TIME,
      ...(authority !== undefined && { ca: authority }),
    };
    let sent: ClientRequest;
    try {
      sent = url.protocol === 'https:' ? tlsRequest(url, options) : plainRequest(url, options);
    } catch (error) {
      resolve({ kind: 'refused', reason: reasonOf(error as Error) });
      return;
    }
    sent.on('timeout', () => sent.destroy(new Error('it does not answer')));
    sent.on('error', later);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < LONGEST_ANSWER) text += chunk;
      });
      response.on('error', later);
      response.on('end', () => resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after'], text)));
    });
    sent.end(payload);
  });
}

/** Only an answer that names what is stored is taken for one: anything may answer 200. */
function outcomeOf(status: number, retryAfter: string | undefined, text: string): Outcome {
  const answer = readJson(text);
  const reason = `${status}${typeof answer?.['title'] === 'string' ? `: ${answer['title']}` : ''}`;
  if (status === 200 && Array.isArray(answer?.['stored'])) return { kind: 'stored' };
  if (UNACCEPTABLE.has(status) && answer !== undefined) return { kind: 'unacceptable', reason };
  if (status >= 500 || TEMPORARY.has(status)) {
    const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
    return { kind: 'later', reason, ...(seconds !== undefined && { after: Math.min(seconds * 1000, LONGEST_WAIT) }) };
  }
  if (status >= 300 && status < 400)
    return { kind: 'refused', reason: `${status}: it leads elsewhere, where no key is sent` };
  return { kind: 'refused', reason: status === 200 ? '200, but not as Breakwater answers' : reason };
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const reasonOf = (error: Error & { code?: string }): string => error.code ?? error.message;
