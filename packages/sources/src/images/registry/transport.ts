import type { IncomingMessage } from 'node:http';
import type { SecureContextOptions } from 'node:tls';
import { UpstreamError, UserError } from '@breakwater/model';
import { type AddressClass, classOfAddress, hostOf, lookupAllowed, refuseAddress } from '../../http/addresses.ts';

export interface Ask {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface TransportOptions {
  signal: AbortSignal;
  /** Longest silence before an answer, in milliseconds. */
  silence: number;
  /** Milliseconds before the second attempt; each further one waits twice as long. */
  firstWait: number;
  unsafeAllowPrivateAddresses: boolean;
}

const MOST_ATTEMPTS = 5;
/** A server that asks for more patience than this is told about instead of waited for. */
const LONGEST_WAIT_MS = 60_000;
const HINT = 'a registry that sends you to other hosts of its network needs --unsafe-allow-private-addresses';

/**
 * Asks servers on behalf of one registry. The host that the user named may be anywhere. Hosts that the registry names
 * (redirects, token servers) are strangers' input: they are asked only at public addresses, or in a network of the same
 * class as the registry's own, so that no registry on the Internet reaches into a private one.
 */
export class Transport {
  readonly #own: string;
  readonly #tls: SecureContextOptions;
  readonly #options: TransportOptions;
  #classes: Promise<Set<AddressClass>> | undefined;

  constructor(own: string, tls: SecureContextOptions, options: TransportOptions) {
    this.#own = own;
    this.#tls = tls;
    this.#options = options;
  }

  /** Asks until there is an answer that is final: 429 and 5xx are tried again, after the time that the server names. */
  async ask(url: URL, ask: Ask = {}): Promise<IncomingMessage> {
    const { signal, firstWait } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const last = attempt === MOST_ATTEMPTS;
      const pause = firstWait * 2 ** (attempt - 1) * (1 + Math.random() / 4);
      try {
        const response = await this.askOnce(url, ask);
        const { statusCode = 0, headers } = response;
        if (statusCode !== 429 && statusCode < 500) return response;
        const wait = retryAfter(headers['retry-after']) ?? pause;
        if (last || wait > LONGEST_WAIT_MS) return response;
        response.destroy();
        await sleep(wait, signal);
      } catch (error) {
        if (last || signal.aborted || error instanceof UserError || !isPassing(error)) throw error;
        await sleep(pause, signal);
      }
    }
  }

  /** A body to its end, within a size and the patience of this transport. */
  read(response: IncomingMessage, largest: number): Promise<Buffer> {
    return readBody(response, largest, this.#options.silence);
  }

  /** Asks once; rejects where no answer came. */
  async askOnce(url: URL, { method = 'GET', headers = {}, body }: Ask = {}): Promise<IncomingMessage> {
    const { signal, silence } = this.#options;
    const guard = await this.#guard(url);
    const secure = url.protocol === 'https:';
    const { request } = secure ? await import('node:https') : await import('node:http');
    return new Promise((resolve, reject) => {
      const outgoing = request(url, {
        method,
        signal,
        headers: { 'user-agent': 'breakwater', ...headers },
        ...guard,
        ...(secure ? this.#tls : {}),
      });
      const silent = setTimeout(() => outgoing.destroy(new Error('the server fell silent')), silence);
      outgoing.on('response', (response) => {
        clearTimeout(silent);
        response.on('error', () => {});
        resolve(response);
      });
      outgoing.on('error', (error) => {
        clearTimeout(silent);
        reject(error);
      });
      outgoing.end(body);
    });
  }

  async #guard(url: URL): Promise<{ lookup?: ReturnType<typeof lookupAllowed> }> {
    const host = hostOf(url);
    if (this.#options.unsafeAllowPrivateAddresses || url.host === this.#own) return {};
    this.#classes ??= classesOf(hostOf(new URL(`https://${this.#own}`)));
    const classes = await this.#classes;
    const allowed = (found: AddressClass): boolean =>
      found === 'public' || (found !== 'reserved' && classes.has(found));
    refuseAddress(host, allowed, HINT);
    return { lookup: lookupAllowed(allowed, HINT) };
  }
}

async function classesOf(host: string): Promise<Set<AddressClass>> {
  const { lookup } = await import('node:dns/promises');
  const found = await lookup(host, { all: true });
  return new Set(found.map(({ address }) => classOfAddress(address)));
}

/** Milliseconds, from seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Whether trying again may help: certificates and names that do not exist stay as they are. */
function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (error instanceof Error && error.message === 'the server fell silent') return true;
  return ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ECONNABORTED'].includes(String(code));
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Times the silence that one answer may take as a whole: one that comes a byte at a time has no end. */
const LONGEST_ANSWER = 5;

/**
 * Reads a body to its end within a size. Throws an `UpstreamError` where it is larger, where `silence` milliseconds pass
 * without a byte, or where it takes five times as long.
 */
export async function readBody(response: IncomingMessage, largest: number, silence: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isLate = false;
  const giveUp = (): void => {
    isLate = true;
    response.destroy(new Error('the server fell silent'));
  };
  const deadline = setTimeout(giveUp, silence * LONGEST_ANSWER);
  let quiet = setTimeout(giveUp, silence);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      clearTimeout(quiet);
      quiet = setTimeout(giveUp, silence);
      size += chunk.length;
      if (size > largest) {
        response.destroy();
        throw new UpstreamError(`the answer is larger than ${largest} bytes`, { code: 'registry-answer-too-large' });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw isLate
      ? new UpstreamError('the answer did not come to its end', { code: 'registry-silent', cause: error })
      : error;
  } finally {
    clearTimeout(quiet);
    clearTimeout(deadline);
  }
  return Buffer.concat(chunks);
}
