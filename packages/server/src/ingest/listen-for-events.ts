import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CertificateSource } from '../admission/certificates/serving-certificates.ts';
import { type Room, takeBody } from '../admission/take-body.ts';
import { bindServer, endServer } from '../bind-server.ts';
import { EVENTS_BODY, type EventsAnswer, type EventsDesk, problem } from './answer-events.ts';

export interface EventsListenerOptions {
  desk: EventsDesk;
  host: string;
  /** 0 asks the system for a free one. */
  port: number;
  /** What it serves with; without TLS where there is none, which is for this machine only. */
  certificates?: CertificateSource | undefined;
  report(line: string): void;
}

/** A listener for events. */
export interface EventsListener {
  port: number;
  /** Answers what has begun, and ends. */
  close(): Promise<void>;
}

export const EVENTS_PATH = '/api/v1/events';

/** Bytes of bodies that are in memory at once. */
const PENDING_BYTES = 64 * 1024 * 1024;
const MOST_CONNECTIONS = 2_000;
const RENEWAL_INTERVAL = 60_000;
const TAKEN = 'Another one may be running here: end it, or choose another with --ingest-port.';

/** Listens on a port of its own: `POST /api/v1/events` and `GET /healthz`. */
export async function listenForEvents(options: EventsListenerOptions): Promise<EventsListener> {
  const { certificates, host, port, report } = options;
  const room: Room = { used: 0, limit: PENDING_BYTES };
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void serve(options.desk, room, request, response);
  let serving = await certificates?.(new Date());
  const server =
    serving === undefined
      ? createPlainServer(handle)
      : createTlsServer({ cert: serving.certificate, key: serving.key, minVersion: 'TLSv1.2' }, handle);
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  const renewing = setInterval(async () => {
    try {
      const newest = await certificates?.(new Date());
      if (newest === undefined || newest.certificate === serving?.certificate) return;
      serving = newest;
      if ('setSecureContext' in server) server.setSecureContext({ cert: newest.certificate, key: newest.key });
    } catch (error) {
      report(`The certificate stays as it is: ${error instanceof Error ? error.message : String(error)}`);
    }
  }, RENEWAL_INTERVAL);
  await bindServer(server, port, host, TAKEN);
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      clearInterval(renewing);
      return endServer(server);
    },
  };
}

async function serve(desk: EventsDesk, room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request;
  if (url === '/healthz') return send(response, { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' });
  if (url.split('?')[0] !== EVENTS_PATH)
    return refuse(request, response, problem(404, 'There is nothing here.', 'not-found'));
  if (method !== 'POST') return refuse(request, response, problem(405, 'Events are posted.', 'method-wrong'));
  const headers = request.headers as Record<string, string | undefined>;
  const refused = await desk.refuse(headers);
  if (refused !== undefined) return refuse(request, response, refused);
  const free = takeBody(request, EVENTS_BODY, room, (taken) => {
    if (!('bytes' in taken)) {
      free();
      return refuse(request, response, FAULTS[taken.fault]);
    }
    void desk
      .answer({ headers, body: taken.bytes })
      .then((answer) => send(response, answer))
      .finally(free);
  });
}

const FAULTS: Record<'too-large' | 'busy' | 'aborted', EventsAnswer> = {
  'too-large': problem(413, 'A request may carry 16 MiB of events.', 'body-too-large', 'Send them in parts.'),
  busy: withRetry(problem(503, 'Too many requests are under way.', 'busy', 'Wait as long as Retry-After says.')),
  aborted: problem(400, 'The request broke off.', 'aborted'),
};

function withRetry(answer: EventsAnswer): EventsAnswer {
  return { ...answer, headers: { ...answer.headers, 'retry-after': '2' } };
}

function send(response: ServerResponse, { status, headers, body }: EventsAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' });
  response.end(body);
}

/** Answers without reading on: what still comes of the request is nobody's. */
function refuse(request: IncomingMessage, response: ServerResponse, answer: EventsAnswer): void {
  request.resume();
  send(response, { ...answer, headers: { ...answer.headers, connection: 'close' } });
}
