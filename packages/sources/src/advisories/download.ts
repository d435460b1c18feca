import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UpstreamError, UserError } from '@breakwater/model';
import { type AddressClass, hostOf, lookupAllowed, refuseAddress } from '../http/addresses.ts';

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Lets addresses of this machine and of private networks be asked. */
  unsafeAllowPrivateAddresses?: boolean;
  /** In bytes. */
  largest?: number;
  /** Longest silence of the server and longest time of the whole download, in milliseconds. */
  silence?: number;
  longest?: number;
}

const HINT = 'a mirror inside your network needs --unsafe-allow-private-addresses';
const MOST_REDIRECTS = 5;
const GIBIBYTE = 1024 * 1024 * 1024;

/**
 * Fetches an address into a file: the only way by which advisories come over the network. Only http and https; names
 * are resolved once, and a connection is made only to a public address, also after each redirect (so that neither a
 * redirect nor a change of DNS reaches a metadata service). Throws a `UserError` for an address that is refused and an
 * `UpstreamError` for a server that fails, sends too much or too slowly.
 */
export async function download(address: string, path: string, options: DownloadOptions = {}): Promise<void> {
  const { longest = 60 * 60 * 1000, largest = 4 * GIBIBYTE, signal } = options;
  const limit = AbortSignal.timeout(longest);
  const stop = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const response = await follow(address, options, stop);
    await pipeline(response, limitSize(largest), createWriteStream(path), { signal: stop });
  } catch (error) {
    if (error instanceof UserError || signal?.aborted) throw error;
    throw new UpstreamError(`${address} could not be read: ${limit.aborted ? 'it took too long' : messageOf(error)}`, {
      code: 'advisories-unreachable',
      hint: 'try again, or download the file and name it instead of the address',
      cause: error,
    });
  }
}

async function follow(address: string, options: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  let url = parseAddress(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await ask(url, options, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
      throw new Error(`the server answered with status ${statusCode}`);
    }
    const next = parseAddress(headers.location, url);
    if (url.protocol === 'https:' && next.protocol === 'http:') throw new Error('it redirects from https to http');
    url = next;
  }
  throw new Error(`it redirects more than ${MOST_REDIRECTS} times`);
}

function parseAddress(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new UserError(`${address} is no http or https address`, {
    code: 'address-refused',
    hint: 'advisories are read from files, folders, and http(s) addresses',
  });
}

async function ask(url: URL, options: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { unsafeAllowPrivateAddresses = false, silence = 60_000 } = options;
  if (!unsafeAllowPrivateAddresses) refuseAddress(hostOf(url), isPublic, HINT);
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      signal,
      headers: { 'user-agent': 'breakwater', accept: '*/*' },
      ...(unsafeAllowPrivateAddresses ? {} : { lookup: lookupAllowed(isPublic, HINT) }),
    });
    outgoing.setTimeout(silence, () => outgoing.destroy(new Error('the server fell silent')));
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function isPublic(found: AddressClass): boolean {
  return found === 'public';
}

function limitSize(largest: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      size += chunk.length;
      callback(size > largest ? new Error(`it is larger than ${largest} bytes`) : null, chunk);
    },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
