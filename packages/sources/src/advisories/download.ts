import { type LookupAddress, lookup } from 'node:dns';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UpstreamError, UserError } from '@breakwater/model';

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
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!unsafeAllowPrivateAddresses && isIP(host) !== 0 && isPrivate(host)) throw refused(host);
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      signal,
      headers: { 'user-agent': 'breakwater', accept: '*/*' },
      ...(unsafeAllowPrivateAddresses ? {} : { lookup: lookupPublic }),
    });
    outgoing.setTimeout(silence, () => outgoing.destroy(new Error('the server fell silent')));
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Resolves as the system does, and refuses a name any of whose addresses is private. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const found: LookupAddress[] = addresses ?? [];
    if (error !== null) return callback(error, []);
    if (found.some(({ address }) => isPrivate(address))) return callback(refused(hostname), []);
    if (options.all) return callback(null, found);
    const [first] = found;
    callback(null, first?.address ?? '', first?.family);
  });
};

function refused(host: string): UserError {
  return new UserError(`${host} is on this machine or in a private network`, {
    code: 'address-refused',
    hint: 'a mirror inside your network needs --unsafe-allow-private-addresses',
  });
}

const PRIVATE = privateAddresses();

function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Addresses that IANA's special-purpose registries set apart from the public Internet. */
function privateAddresses(): BlockList {
  const list = new BlockList();
  const v4 =
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4';
  const v6 = '::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8';
  for (const [family, ranges] of [
    ['ipv4', v4],
    ['ipv6', v6],
  ] as const) {
    for (const range of ranges.split(' ')) {
      const [network = '', prefix] = range.split('/');
      list.addSubnet(network, Number(prefix), family);
    }
  }
  return list;
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
