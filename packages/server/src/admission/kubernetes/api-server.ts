import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { UpstreamError, UserError } from '@breakwater/model';

/** An answer of the API server, whatever its status. */
export interface ApiAnswer {
  status: number;
  /** Parsed JSON; undefined where there was none. */
  body: unknown;
}

/** The API server, asked as our service account. */
export interface ApiServer {
  /** Rejects with UpstreamError where no answer comes. */
  ask(method: string, path: string, body?: object, contentType?: string): Promise<ApiAnswer>;
  close(): void;
}

/** Where Kubernetes mounts what a pod needs to prove itself. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

const TIMEOUT = 1_000;
const MOST_CONNECTIONS = 16;
const MAX_ANSWER = 8 * 1024 * 1024;

/**
 * The API server of the cluster that this runs in: by the address that Kubernetes puts into the environment, with token
 * and authority of the service account. The token is read anew for each question: it is renewed every hour.
 */
export async function openApiServer(
  folder: string,
  { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' }: NodeJS.ProcessEnv,
): Promise<ApiServer> {
  if (!host) throw notInCluster();
  const ca = await readFile(join(folder, 'ca.crt'), 'utf8').catch((cause: unknown) => {
    throw notInCluster(cause);
  });
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS, ca });
  const askOnce = async (method: string, path: string, body?: object, contentType = 'application/json') => {
    const token = (await readFile(join(folder, 'token'), 'utf8')).trim();
    const headers = {
      Accept: 'application/json',
      Authorization: `Bearer ${token}`,
      ...(body && { 'Content-Type': contentType }),
    };
    return await new Promise<ApiAnswer>((resolve, reject) => {
      const fail = (cause: Error) => reject(sent.reusedSocket ? new LeftConnection(cause) : unreachable(cause));
      const sent = request({ agent, host, port, path, method, headers, timeout: TIMEOUT }, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER) sent.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        answer.on('error', fail);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: jsonOf(Buffer.concat(chunks)) }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${TIMEOUT} ms`)));
      sent.on('error', fail);
      sent.end(body && JSON.stringify(body));
    });
  };
  const ask: ApiServer['ask'] = async (...asked) => {
    // A connection that was kept may be closed at the other end just now, as when an API server is restarted.
    for (let left = MOST_CONNECTIONS; ; left--) {
      try {
        return await askOnce(...asked);
      } catch (error) {
        if (!(error instanceof LeftConnection)) throw error;
        if (left === 0 || !error.isReset) throw unreachable(error.cause);
      }
    }
  };
  return { ask, close: () => agent.destroy() };
}

/** A connection that was used before ended without an answer. */
class LeftConnection extends Error {
  override readonly cause: Error;

  constructor(cause: Error) {
    super(cause.message);
    this.cause = cause;
  }

  get isReset(): boolean {
    const { code } = this.cause as NodeJS.ErrnoException;
    return code === 'ECONNRESET' || code === 'EPIPE';
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function notInCluster(cause?: unknown): UserError {
  return new UserError('There is no API server to ask: this does not run in a cluster.', {
    code: 'not-in-cluster',
    hint: 'Run it as a pod with a service account, or leave out the options that need the API server.',
    cause,
  });
}

function unreachable(cause: Error): UpstreamError {
  return new UpstreamError(`The API server does not answer: ${cause.message}.`, {
    code: 'api-server-unreachable',
    cause,
  });
}
