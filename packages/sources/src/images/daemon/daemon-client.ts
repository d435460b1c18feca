import { type IncomingMessage, request } from 'node:http';
import { UpstreamError, UserError } from '@breakwater/model';
import type { z } from 'zod';
import { readBody } from '../registry/transport.ts';
import type { DaemonAddress, Engine } from './daemon-address.ts';

/** An export is written whole before its first byte comes, where images are large. */
const SILENCE_MS = 10 * 60_000;
/** A document is at hand: an engine that needs longer is stuck, and a name may be had elsewhere. */
const PATIENCE_MS = 20_000;
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

/** Asks a container engine by Docker's API, which Podman answers alike. Only what reads is ever asked. */
export class DaemonClient {
  readonly engine: Engine;
  readonly #address: DaemonAddress;
  readonly #signal: AbortSignal;
  readonly #patience: number;

  /** `patience`: milliseconds in which a document has to be there. */
  constructor(engine: Engine, address: DaemonAddress, signal: AbortSignal, patience: number = PATIENCE_MS) {
    this.engine = engine;
    this.#address = address;
    this.#signal = signal;
    this.#patience = patience;
  }

  /** A document, held to a schema; undefined where the engine has no such thing. */
  async document<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const deadline = AbortSignal.timeout(this.#patience);
    const response = await this.#get(path, AbortSignal.any([this.#signal, deadline]));
    const body = await readBody(response, LARGEST_DOCUMENT, this.#patience).catch((error) => {
      this.#signal.throwIfAborted();
      throw error instanceof UpstreamError ? error : this.#failure('its answer did not come to its end');
    });
    if (response.statusCode === 404) return undefined;
    if (response.statusCode !== 200) throw this.#failure(`it answered with status ${response.statusCode}`);
    const parsed = schema.safeParse(parseJson(body));
    if (!parsed.success) throw this.#failure('its answer has a wrong form');
    return parsed.data;
  }

  /** A body that comes as long as it is read: an export. */
  async open(path: string): Promise<IncomingMessage> {
    const response = await this.#get(path, this.#signal);
    if (response.statusCode === 200) return response;
    response.destroy();
    throw this.#failure(`it answered with status ${response.statusCode}`);
  }

  #get(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...this.#address, path, signal, headers: { host: 'localhost' } });
      outgoing.setTimeout(SILENCE_MS, () => outgoing.destroy(new Error('it fell silent')));
      outgoing.on('response', (response) => {
        response.on('error', () => {});
        resolve(response);
      });
      outgoing.on('error', (error) => reject(this.#signal.aborted ? this.#signal.reason : this.#unreachable(error)));
      outgoing.end();
    });
  }

  #unreachable(error: NodeJS.ErrnoException): Error {
    const where = 'socketPath' in this.#address ? this.#address.socketPath : `port ${this.#address.port}`;
    const what = `${nameOf(this.engine)} at ${where}`;
    if (error.code === 'EACCES' || error.code === 'EPERM') {
      return new UserError(`${what} may not be asked by this user`, {
        code: 'daemon-refused',
        hint: 'add the user to the group of the socket, or save the image to a file',
      });
    }
    return new UpstreamError(`${what} could not be asked: ${error.message}`, {
      code: 'daemon-unreachable',
      hint: this.engine === 'podman' ? 'systemctl --user start podman.socket' : 'start the engine, or set DOCKER_HOST',
      cause: error,
    });
  }

  #failure(why: string): UpstreamError {
    return new UpstreamError(`${nameOf(this.engine)} could not be read: ${why}`, { code: 'daemon-failed' });
  }
}

/** The engine as people call it. */
export function nameOf(engine: Engine): string {
  return engine === 'docker' ? 'Docker' : 'Podman';
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
