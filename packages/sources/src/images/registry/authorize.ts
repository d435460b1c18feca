import { UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';
import { classOfAddress, hostOf } from '../../http/addresses.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import type { Transport } from './transport.ts';

const LARGEST_TOKEN = 256 * 1024;
const Token = z.object({ token: z.string().min(1).optional(), access_token: z.string().min(1).optional() });

/** Who asks for what. */
export interface Claim {
  registry: string;
  /** The repository to pull from; the list of all repositories where there is none. */
  repository: string | undefined;
  credentials: Credentials | undefined;
  /** Whether something is put there too. */
  pushes?: boolean;
  /** Whether passwords may go over plain http to hosts other than this one. */
  unsafePlainHttp: boolean;
}

/**
 * The `Authorization` that answers a registry's challenge: a token of its token server, anonymous where there are no
 * credentials (distribution-spec, "Token Authentication"), or a password. Asks for `pull` of the one repository only, and
 * `push` where something is put there, or for the list of repositories, whatever scope the challenge names. Undefined where nothing can answer it.
 */
export async function authorize(
  challenges: Challenge[],
  { registry, repository, credentials, pushes, unsafePlainHttp }: Claim,
  transport: Transport,
  server: URL,
): Promise<string | undefined> {
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const realm = bearer?.parameters.get('realm');
  if (bearer !== undefined && realm !== undefined) {
    const url = URL.parse(realm);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') {
      throw new UpstreamError(`${registry} names a token server that has no http address`, {
        code: 'registry-challenge-malformed',
      });
    }
    if (credentials !== undefined && !unsafePlainHttp) refusePlain(url);
    const service = bearer.parameters.get('service');
    const actions = pushes ? 'pull,push' : 'pull';
    const scope = repository === undefined ? 'registry:catalog:*' : `repository:${repository}:${actions}`;
    return fetchToken(url, { service, scope }, credentials, transport);
  }
  const basic = challenges.some(({ scheme }) => scheme === 'basic');
  if (!basic || credentials === undefined || 'identityToken' in credentials) return undefined;
  if (!unsafePlainHttp) refusePlain(server);
  return basicOf(credentials);
}

async function fetchToken(
  realm: URL,
  { service, scope }: { service: string | undefined; scope: string },
  credentials: Credentials | undefined,
  transport: Transport,
): Promise<string | undefined> {
  const fields = new URLSearchParams({ scope, ...(service !== undefined && { service }) });
  let response: Awaited<ReturnType<Transport['ask']>>;
  if (credentials !== undefined && 'identityToken' in credentials) {
    fields.set('grant_type', 'refresh_token');
    fields.set('client_id', 'breakwater');
    fields.set('refresh_token', credentials.identityToken);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    response = await transport.ask(realm, { method: 'POST', headers, body: fields.toString() });
  } else {
    const url = new URL(realm);
    for (const [name, value] of fields) url.searchParams.set(name, value);
    const headers: Record<string, string> = credentials === undefined ? {} : { authorization: basicOf(credentials) };
    response = await transport.ask(url, { headers });
  }
  const body = await transport.read(response, LARGEST_TOKEN);
  if (response.statusCode === 401 || response.statusCode === 403) return undefined;
  const answer = response.statusCode === 200 ? Token.safeParse(parseJson(body)).data : undefined;
  const token = answer?.token ?? answer?.access_token;
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw new UpstreamError(`The token server ${realm.host} answered with status ${response.statusCode} and no token`, {
      code: 'registry-token-missing',
    });
  }
  return `Bearer ${token}`;
}

function basicOf({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A password in the clear is sent to this machine only. */
function refusePlain(url: URL): void {
  if (url.protocol === 'https:' || isLoopback(hostOf(url))) return;
  throw new UserError(`${url.host} asks for a password over plain http`, {
    code: 'plain-http-refused',
    hint: 'a registry without TLS needs --unsafe-plain-http',
  });
}

/** Whether a host is this machine: by its name or as an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || (/^[0-9.]+$|:/.test(host) && classOfAddress(host) === 'loopback');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
