import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AdmissionSettings, DecisionLog } from '@breakwater/app/admission';
import { bindServer, endServer } from '../bind-server.ts';
import type { CertificateSource, ServingCertificate } from './certificates/serving-certificates.ts';
import { Exchange, type ExchangeContext } from './exchange.ts';
import { describeHealth } from './health.ts';
import type { Judges } from './judges/judges.ts';
import { openLag } from './lag.ts';
import { type AdmissionLimits, DEFAULT_LIMITS } from './limits.ts';
import { openMetrics } from './metrics.ts';

/** Whose requests are judged: any that reach the port, or an API server that proves itself. */
export interface ClientCheck {
  /** PEM: who vouches for the client certificate of the API server. */
  authority: string;
  /** Common name of that certificate; any where none is given. */
  name?: string | undefined;
}

export interface AdmissionServerOptions {
  host: string;
  /** 0 asks the system for a free one. */
  port: number;
  judges: Judges;
  settings: AdmissionSettings;
  certificates: CertificateSource;
  decisions: DecisionLog;
  clients?: ClientCheck | undefined;
  limits?: Partial<AdmissionLimits>;
  /** Takes what the operator should read. */
  report(message: string): void;
  /** Told of each certificate that is served from now on. */
  onCertificate?(certificate: ServingCertificate): void;
}

/** A listener for AdmissionReviews. */
export interface AdmissionServer {
  port: number;
  /** Looks now whether the certificate is to be renewed. */
  renew(): Promise<void>;
  /** Answers what has begun, and ends. */
  close(): Promise<void>;
}

/** Milliseconds between two looks at the certificate. */
const RENEWAL_INTERVAL = 10_000;
/** An API server keeps its connections for 90 s: it is to be the one that ends them. */
const KEEP_ALIVE = 120_000;
const TAKEN = 'Another one may be running here: end it, or choose another port.';

/** Listens with TLS on a port of its own: `POST /admit`, `GET /healthz`, `/readyz` and `/metrics`. */
export async function listenForReviews(options: AdmissionServerOptions): Promise<AdmissionServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  let serving = await options.certificates(new Date());
  const lag = openLag(() => performance.now());
  const context = contextOf(options, limits, lag.current);
  const server = createServer({ ...tlsOptions(serving, options.clients), keepAlive: true, noDelay: true });
  server.maxConnections = limits.connections;
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = KEEP_ALIVE;
  server.on(
    'request',
    route(options, context, () => serving),
  );
  const renew = async () => {
    try {
      const newest = await options.certificates(new Date());
      const { certificate, bundle, isShared } = newest;
      if (certificate === serving.certificate && bundle === serving.bundle && isShared === serving.isShared) return;
      server.setSecureContext(tlsOptions(newest, options.clients));
      serving = newest;
      options.onCertificate?.(newest);
    } catch (error) {
      options.report(`The certificate stays as it is: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await bindServer(server, options.port, options.host, TAKEN).catch((error: unknown) => {
    lag.close();
    throw error;
  });
  const renewing = setInterval(() => void renew(), RENEWAL_INTERVAL);
  options.onCertificate?.(serving);
  return {
    port: (server.address() as AddressInfo).port,
    renew,
    async close() {
      clearInterval(renewing);
      lag.close();
      await endServer(server);
      await options.decisions.flush();
    },
  };
}

function contextOf(
  { judges, settings, decisions }: AdmissionServerOptions,
  limits: AdmissionLimits,
  lag: () => number,
): ExchangeContext {
  return {
    judges,
    settings,
    limits,
    metrics: openMetrics(),
    record: decisions.add,
    room: { used: 0, limit: limits.pendingBytes },
    pending: { count: 0 },
    lag,
  };
}

function tlsOptions({ certificate, key }: ServingCertificate, clients: ClientCheck | undefined) {
  const checks = clients && { requestCert: true, rejectUnauthorized: false, ca: clients.authority };
  return { cert: certificate, key, minVersion: 'TLSv1.2' as const, ...checks };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function route(options: AdmissionServerOptions, context: ExchangeContext, serving: () => ServingCertificate): Handler {
  const health = () => {
    const { judges, settings } = options;
    return describeHealth({
      basis: judges.current(),
      trouble: judges.trouble(),
      certificateUntil: serving().validUntil,
      pending: context.pending.count,
      oldAfter: settings.oldAfter,
      clusterWanted: settings.cluster,
      now: new Date(),
    });
  };
  return (request, response) => {
    const { method, url = '' } = request;
    if (method === 'POST' && /^\/admit(?:\?|$)/.test(url)) {
      if (isAllowed(request.socket as TLSSocket, options.clients)) new Exchange(request, response, context);
      else send(response, 403, 'This listener answers its API server only.\n');
      return;
    }
    if (url === '/healthz') return send(response, 200, `${JSON.stringify(health())}\n`, 'application/json');
    if (url === '/readyz') return send(response, 200, ['ready', ...health().troubles, ''].join('\n'));
    if (url === '/metrics') {
      const faults = options.judges.current().unknowns.map(({ place }) => place);
      return send(response, 200, context.metrics.write(gaugesOf(health(), context), faults));
    }
    return send(response, 404, 'There is nothing at this address.\n');
  };
}

function gaugesOf(
  health: ReturnType<typeof describeHealth>,
  { pending, lag }: ExchangeContext,
): Record<string, number> {
  const { snapshot, certificateUntil, unusable } = health;
  return {
    ...(snapshot && { snapshot_age_seconds: snapshot.ageSeconds }),
    ...(certificateUntil && {
      certificate_seconds_left: Math.round((Date.parse(certificateUntil) - Date.now()) / 1000),
    }),
    policies_unusable: unusable,
    pending: pending.count,
    lag_seconds: lag() / 1000,
  };
}

/** Whether the client proved itself, where it has to. */
function isAllowed(socket: TLSSocket, clients: ClientCheck | undefined): boolean {
  if (clients === undefined) return true;
  if (!socket.authorized) return false;
  return clients.name === undefined || socket.getPeerCertificate().subject?.CN === clients.name;
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
