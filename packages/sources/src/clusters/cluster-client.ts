import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { ClusterError } from './cluster-error.ts';
import { openCredentials } from './credentials.ts';
import { parseAnswer } from './json-text.ts';
import type { ClusterContext } from './kubeconfig.ts';

/** Asks the API server of one context. Errors are `ClusterError`s that hold no header and no body of ours. */
export interface ClusterClient {
  /** Context name, as places and workloads name the cluster. */
  name: string;
  /** Address without credentials. */
  server: string;
  get(path: string, options?: AskOptions): Promise<unknown>;
  post(path: string, body: object, options?: AskOptions): Promise<unknown>;
  /** Changes something: `DELETE`, `PATCH` with the type of its patch, ... */
  change(method: string, path: string, body?: object, options?: AskOptions): Promise<unknown>;
  /** Calls `onLine` for each line of an answer that goes on, until it ends, falls silent or is aborted. */
  stream(path: string, onLine: (line: string) => void, options: StreamOptions): Promise<void>;
  close(): void;
}

export interface AskOptions {
  /** What is accepted; JSON by default. */
  accept?: string;
  /** Of the body; JSON by default. */
  contentType?: string | undefined;
  /** Bytes of the answer. */
  largest?: number;
  signal?: AbortSignal | undefined;
}

export interface StreamOptions extends AskOptions {
  /** Milliseconds without a byte after which the connection counts as dead. */
  silence: number;
}

/** An answer that was larger than allowed: ask for less at once. */
export class AnswerTooLarge extends Error {}

/** Milliseconds for an answer to begin, and between two parts of it. */
const TIMEOUT = 60_000;
const LARGEST = 64 * 1024 * 1024;
/** Characters of one event: an object is at most a few MiB, for etcd takes no larger ones. */
const LARGEST_LINE = 32 * 1024 * 1024;

/** A client for a context. No request is sent yet. */
export function openClient(context: ClusterContext): ClusterClient {
  const { name, cluster } = context;
  const credentials = openCredentials(context);
  const base = new URL(cluster.server);
  const send = async (
    method: string,
    path: string,
    body: object | undefined,
    options: AskOptions,
    silence = TIMEOUT,
  ) => {
    const given = await credentials.requestOptions();
    const first = await begin(given, method, path, body, options, silence);
    if (first.statusCode !== 401) return first;
    // The token may have ended a moment ago.
    first.resume();
    credentials.renew(given);
    return await begin(await credentials.requestOptions(), method, path, body, options, silence);
  };
  const begin = async (
    given: RequestOptions,
    method: string,
    path: string,
    body: object | undefined,
    { accept = 'application/json', contentType = 'application/json', signal }: AskOptions,
    silence: number,
  ): Promise<IncomingMessage> => {
    const text = body && JSON.stringify(body);
    const options: RequestOptions = {
      ...given,
      method,
      timeout: silence,
      ...(signal ? { signal } : {}),
      headers: {
        ...given.headers,
        Accept: accept,
        'User-Agent': 'breakwater',
        ...(text ? { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) } : {}),
      },
    };
    return await new Promise((resolve, reject) => {
      const start = base.protocol === 'http:' ? httpRequest : httpsRequest;
      const sent = start(urlOf(base, path), options, resolve);
      sent.on('timeout', () => sent.destroy(new Error(`no byte in ${silence / 1000} s`)));
      sent.on('error', (cause) => reject(unreachable(name, cluster.server, cause)));
      sent.end(text);
    });
  };
  const ask = async (method: string, path: string, body: object | undefined, options: AskOptions) => {
    const answer = await send(method, path, body, options);
    const text = await readText(answer, options.largest ?? LARGEST, name, cluster.server);
    const status = answer.statusCode ?? 0;
    if (status < 200 || status >= 300) throw refusal(name, path, answer, text);
    try {
      return parseAnswer(text);
    } catch (cause) {
      throw notAnApi(name, cluster.server, cause);
    }
  };
  return {
    name,
    server: `${base.protocol}//${base.host}`,
    get: (path, options = {}) => ask('GET', path, undefined, options),
    post: (path, body, options = {}) => ask('POST', path, body, options),
    change: (method, path, body, options = {}) => ask(method, path, body, options),
    async stream(path, onLine, options) {
      const answer = await send('GET', path, undefined, options, options.silence);
      if (answer.statusCode !== 200) {
        throw refusal(name, path, answer, await readText(answer, LARGEST, name, cluster.server));
      }
      await readLines(answer, onLine, (cause) => unreachable(name, cluster.server, cause));
    },
    close: () => credentials.close(),
  };
}

/** The server's own path stays in front: proxies serve clusters below one (`/k8s/clusters/c-1`). */
function urlOf(base: URL, path: string): URL {
  return new URL(base.pathname.replace(/\/$/, '') + path, base);
}

async function readText(answer: IncomingMessage, largest: number, name: string, server: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      size += (chunk as Buffer).length;
      if (size > largest) throw new AnswerTooLarge(`more than ${largest} bytes`);
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    if (cause instanceof AnswerTooLarge) throw cause;
    throw unreachable(name, server, cause as Error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readLines(
  answer: IncomingMessage,
  onLine: (line: string) => void,
  wrap: (cause: Error) => Error,
): Promise<void> {
  answer.setEncoding('utf8');
  let rest: string[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      const parts = (chunk as string).split('\n');
      for (const part of parts.slice(0, -1)) {
        const line = rest.length === 0 ? part : rest.join('') + part;
        rest = [];
        size = 0;
        if (line !== '') onLine(line);
      }
      const last = parts.at(-1) as string;
      if (last !== '') rest.push(last);
      size += last.length;
      if (size > LARGEST_LINE) throw new AnswerTooLarge(`an event of more than ${LARGEST_LINE} characters`);
    }
  } catch (cause) {
    answer.destroy();
    throw cause instanceof ClusterError ? cause : wrap(cause as Error);
  }
}

/** Says what the server said, without what we sent. */
function refusal(name: string, path: string, { statusCode = 0, headers }: IncomingMessage, text: string): ClusterError {
  const parsed = readJson(text);
  const said = typeof parsed?.message === 'string' ? parsed.message.slice(0, 500) : `HTTP ${statusCode}`;
  const after = Number(headers['retry-after']);
  const [where = ''] = path.split('?');
  return new ClusterError(`Cluster ${name} refused ${where}: ${said}`, {
    status: statusCode,
    ...(statusCode === 401 ? { hint: 'Sign in again: kubectl with this context has to work first.' } : {}),
    ...(Number.isFinite(after) && after > 0 ? { retryAfter: after * 1000 } : {}),
  });
}

function unreachable(name: string, server: string, cause: Error): Error {
  if (cause.name === 'AbortError' || cause instanceof ClusterError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  return new ClusterError(`Cluster ${name} at ${server} does not answer: ${code ?? cause.message}.`, {
    status: 0,
    hint: 'See whether kubectl with this context reaches it.',
    cause,
  });
}

/** What answers is something else: a proxy's sign-in page, for instance. */
export function notAnApi(name: string, server: string, cause: unknown): ClusterError {
  return new ClusterError(`What answers for cluster ${name} at ${server} is no Kubernetes API server.`, {
    status: 0,
    hint: 'See what `kubectl version` says with this context.',
    cause,
  });
}

function readJson(text: string): { message?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
