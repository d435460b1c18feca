import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { UpstreamError, UserError } from '@breakwater/model';
import { hostOf } from '../../http/addresses.ts';
import { authorize, type Claim, isLoopback } from './authorize.ts';
import { parseChallenges } from './challenge.ts';
import { serverOf } from './reference.ts';
import { type Ask, retryAfter, type Transport } from './transport.ts';

const MOST_REDIRECTS = 5;
/** Manifests (distribution-spec: at least 4 MiB), and configs with long histories. */
const LARGEST_DOCUMENT = 8 * 1024 * 1024;
const LOGIN_HINT = 'log in with docker login or podman login, or check the name: registries hide what you may not see';

/** A document of a registry whose digest was computed here. */
export interface RegistryDocument {
  bytes: Buffer;
  digest: string;
  mediaType: string;
}

/** Reads one repository of a registry, or the list of all (OCI distribution-spec 1.1, "Pull", "Content Discovery"). */
export class RegistryClient {
  readonly #transport: Transport;
  readonly #claim: Claim;
  #base: Promise<URL> | undefined;
  #authorization: string | undefined;

  constructor(transport: Transport, claim: Claim) {
    this.#transport = transport;
    this.#claim = claim;
  }

  /** A manifest or an index, by tag or digest. */
  manifest(name: string, accept: string[]): Promise<RegistryDocument> {
    return this.#document(`manifests/${name}`, name.includes(':') ? name : undefined, { accept: accept.join(', ') });
  }

  /** What a registry says of a manifest without sending it: no body, and on Docker Hub no pull that is counted. */
  async head(name: string, accept: string[]): Promise<IncomingHttpHeaders> {
    const response = await this.#ask(this.#below(`manifests/${name}`), {
      method: 'HEAD',
      headers: { accept: accept.join(', ') },
    });
    response.destroy();
    return response.headers;
  }

  /** A blob that is held in memory: a config, an attestation. Of at most `largest` bytes. */
  blob(digest: string, largest: number = LARGEST_DOCUMENT): Promise<RegistryDocument> {
    return this.#document(`blobs/${digest}`, digest, {}, largest);
  }

  /** A page of a list, by its path with its query: `/v2/_catalog?n=100`. */
  async page(path: string): Promise<{ bytes: Buffer; headers: IncomingHttpHeaders }> {
    const response = await this.#ask(path);
    return { bytes: await this.#transport.read(response, LARGEST_DOCUMENT), headers: response.headers };
  }

  /** Opens a blob from an offset on; the answer's status is 200 (from the start) or 206 (from the offset). */
  async open(digest: string, offset: number): Promise<IncomingMessage> {
    const range: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
    return this.#ask(this.#below(`blobs/${digest}`), { headers: range });
  }

  /** Puts a blob there in one piece (distribution-spec, "POST then PUT"), unless it is there already. */
  async putBlob(digest: string, bytes: Buffer): Promise<void> {
    if (await this.#hasBlob(digest)) return;
    const begun = await this.#ask(this.#below('blobs/uploads/'), {
      method: 'POST',
      headers: { 'content-length': '0' },
    });
    begun.destroy();
    const place = URL.parse(
      begun.headers.location ?? '',
      new URL(this.#below('blobs/uploads/'), await this.#base).href,
    );
    if (begun.headers.location === undefined || place === null || !/^https?:$/.test(place.protocol))
      throw this.#failure('it names no place to put a blob at');
    place.searchParams.set('digest', digest);
    const put = await this.#ask(place.href, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) },
      body: bytes,
    });
    put.destroy();
  }

  /** Puts a manifest or an index there, by tag or digest; gives what the registry answered. */
  async putManifest(name: string, bytes: Buffer, mediaType: string): Promise<IncomingHttpHeaders> {
    const headers = { 'content-type': mediaType, 'content-length': String(bytes.length) };
    const put = await this.#ask(this.#below(`manifests/${name}`), { method: 'PUT', headers, body: bytes });
    put.destroy();
    return put.headers;
  }

  async #hasBlob(digest: string): Promise<boolean> {
    try {
      (await this.#ask(this.#below(`blobs/${digest}`), { method: 'HEAD' })).destroy();
      return true;
    } catch (error) {
      if (error instanceof UserError && error.code === 'image-not-found') return false;
      throw error;
    }
  }

  async #document(
    path: string,
    digest: string | undefined,
    headers: Record<string, string>,
    largest: number = LARGEST_DOCUMENT,
  ): Promise<RegistryDocument> {
    const response = await this.#ask(this.#below(path), { headers });
    const bytes = await this.#transport.read(response, largest);
    const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (digest !== undefined && digest !== found) {
      throw new UpstreamError(`${this.#claim.registry} answered ${found} when asked for ${digest}`, {
        code: 'digest-mismatch',
        hint: 'do not use this registry until its operator has explained it',
      });
    }
    const mediaType = (response.headers['content-type'] ?? '').split(';', 1)[0]!.trim();
    return { bytes, digest: found, mediaType };
  }

  #below(path: string): string {
    return `/v2/${this.#claim.repository}/${path}`;
  }

  async #ask(path: string, ask: Ask = {}): Promise<IncomingMessage> {
    this.#base ??= this.#findBase();
    const base = await this.#base;
    const url = new URL(path, base);
    let response = await this.#follow(url, base, ask);
    if (response.statusCode === 401 && url.origin === base.origin && (await this.#answer(response, url)))
      response = await this.#follow(url, base, ask);
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    response.destroy();
    throw this.#refusal(statusCode, url.pathname, retryAfter(response.headers['retry-after']), ask.method);
  }

  /** Follows redirects by hand: what proves who asks goes to the registry's own origin, and nowhere else. */
  async #follow(start: URL, { origin }: URL, ask: Ask): Promise<IncomingMessage> {
    let url = start;
    this.#refuseDowngrade(origin, start);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const own = url.origin === origin && this.#authorization !== undefined;
      const proof: Record<string, string> = own ? { authorization: this.#authorization! } : {};
      const response = await this.#transport.ask(url, { ...ask, headers: { ...ask.headers, ...proof } });
      const { statusCode = 0, headers: answer } = response;
      if (statusCode < 300 || statusCode >= 400 || answer.location === undefined) return response;
      response.destroy();
      const next = URL.parse(answer.location, url.href);
      if (next === null || (next.protocol !== 'https:' && next.protocol !== 'http:')) {
        throw this.#failure('it redirects to what is no http address');
      }
      this.#refuseDowngrade(url.origin, next);
      url = next;
    }
    throw this.#failure(`it redirects more than ${MOST_REDIRECTS} times`);
  }

  #refuseDowngrade(from: string, { protocol }: URL): void {
    if (from.startsWith('https:') && protocol === 'http:') throw this.#failure('it redirects from https to http');
  }

  /** Asks `/v2/`: whether the registry speaks TLS (one on this machine need not), and who it wants to know. */
  async #findBase(): Promise<URL> {
    const server = serverOf(this.#claim.registry);
    const secure = new URL(`https://${server}`);
    const mayBePlain = this.#claim.unsafePlainHttp || isLoopback(hostOf(secure));
    const ping = async (base: URL): Promise<URL> => {
      const response = await this.#transport.ask(new URL('/v2/', base));
      if (response.statusCode === 401) await this.#answer(response, base);
      response.destroy();
      return base;
    };
    try {
      return await ping(secure);
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (mayBePlain && /^(?:ERR_SSL_|EPROTO|ECONNREFUSED)/.test(code)) return ping(new URL(`http://${server}`));
      throw error;
    }
  }

  /** Answers a challenge; false where nothing can. */
  async #answer(response: IncomingMessage, url: URL): Promise<boolean> {
    const header = response.headers['www-authenticate'];
    response.destroy();
    const challenges = header === undefined ? undefined : parseChallenges(header);
    if (challenges === undefined) {
      throw new UpstreamError(`${this.#claim.registry} asks who you are in a way that cannot be read`, {
        code: 'registry-challenge-malformed',
      });
    }
    const before = this.#authorization;
    this.#authorization = await authorize(challenges, this.#claim, this.#transport, url);
    return this.#authorization !== undefined && !(this.#authorization === before && before.startsWith('Basic'));
  }

  #refusal(status: number, path: string, wait: number | undefined, method: Ask['method'] = 'GET'): Error {
    const { registry, repository, credentials } = this.#claim;
    const isPut = method === 'PUT' || method === 'POST';
    const what = repository === undefined ? 'the list of its repositories' : `${registry}/${repository}`;
    if (status === 401 || status === 403) {
      const [by, to] = isPut ? ['let us write to', 'with'] : ['give', 'to'];
      const why = credentials === undefined ? 'without a login' : `${to} the login that is kept for it`;
      const message = `${registry} does not ${by} ${what} ${why}`;
      return new UserError(message, { code: 'registry-refused', hint: LOGIN_HINT });
    }
    if (status === 404 && repository === undefined) {
      return new UserError(`${registry} has no list of its repositories`, {
        code: 'catalogue-missing',
        hint: 'name the repositories that are meant',
      });
    }
    if (status === 404) {
      const wanted = path
        .slice(`/v2/${repository}/`.length)
        .replace(/\?.*/, '')
        .replace(/^tags\/list$/, 'tags');
      const shown = wanted.replace('manifests/', 'image ').replace('blobs/', 'blob ').replace('referrers/', 'image ');
      return new UserError(`${what} has no ${shown}`, { code: 'image-not-found', hint: LOGIN_HINT });
    }
    if (isPut && status < 500 && status !== 429) {
      const message = `${registry} did not take what was put into ${what}: it answered with status ${status}`;
      return new UpstreamError(message, { code: 'registry-write-refused', hint: 'does it take OCI artifacts?' });
    }
    return this.#failure(`it answered with status ${status}${status === 429 ? ' (too many requests)' : ''}`, wait);
  }

  #failure(why: string, wait?: number): UpstreamError {
    const hint = 'try again later';
    return new UpstreamError(`${this.#claim.registry} could not be read: ${why}`, {
      code: 'registry-failed',
      hint,
      retryAfter: wait,
    });
  }
}
