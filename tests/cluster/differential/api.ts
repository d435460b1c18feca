import { Agent, request } from 'node:https';
import type { JsonObject } from '@breakwater/model';
import { type Access, readAccess } from '../read-access.ts';

/** Where an API server serves a kind. */
export interface ServedKind {
  apiVersion: string;
  resource: string;
  namespaced: boolean;
}

/** An answer with what the API server warned of on the way. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
  body: any;
  warnings: string[];
}

const rootOf = (apiVersion: string): string => (apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`);

/** Speaks to an API server thousands of times over a few connections, and hears its warnings. */
export class Api {
  readonly #access: Access;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #kinds = new Map<string, ServedKind>();

  private constructor(access: Access) {
    this.#access = access;
  }

  /** Learns every kind that the API server serves, in its preferred version. */
  static async open(kubeconfig: string): Promise<Api> {
    const api = new Api(await readAccess(kubeconfig));
    const { body } = await api.#ask('GET', '/apis');
    const preferred = (body.groups as { preferredVersion: { groupVersion: string } }[]).map(
      ({ preferredVersion }) => preferredVersion.groupVersion,
    );
    for (const apiVersion of ['v1', ...preferred]) {
      const { body: list } = await api.#ask('GET', rootOf(apiVersion));
      for (const { kind, name, namespaced } of list.resources as {
        kind: string;
        name: string;
        namespaced: boolean;
      }[]) {
        if (!name.includes('/') && !api.#kinds.has(kind))
          api.#kinds.set(kind, { apiVersion, resource: name, namespaced });
      }
    }
    return api;
  }

  close(): void {
    this.#agent.destroy();
  }

  kind(name: string): ServedKind | undefined {
    return this.#kinds.get(name);
  }

  /** Minor version of Kubernetes. */
  async version(): Promise<number> {
    return Number.parseInt((await this.#ask('GET', '/version')).body.minor, 10);
  }

  async namespace(name: string): Promise<JsonObject> {
    return (await this.#ask('GET', `/api/v1/namespaces/${name}`)).body;
  }

  /**
   * Asks to make an object without keeping it, as somebody else who may do everything where a name is given; the answer
   * holds the object with all that was defaulted.
   */
  async tryCreate(object: JsonObject, user?: string): Promise<Answer> {
    return await this.#ask('POST', `${this.#collectionOf(object)}?dryRun=All`, object, user);
  }

  /** Asks to change an object, or a part of it, without keeping the change. */
  async tryUpdate(object: JsonObject, subresource = ''): Promise<Answer> {
    const { name } = object['metadata'] as { name: string };
    return await this.#ask('PUT', `${this.#collectionOf(object)}/${name}${subresource}?dryRun=All`, object);
  }

  /** Makes an object for good; throws where it is refused. */
  async create(object: JsonObject): Promise<JsonObject> {
    const { status, body } = await this.#ask('POST', this.#collectionOf(object), object);
    if (status !== 201) throw new Error(`${JSON.stringify(object['metadata'])}: ${status} ${body.message}`);
    return body;
  }

  #collectionOf({ kind, metadata }: JsonObject): string {
    const served = this.#kinds.get(String(kind));
    if (served === undefined) throw new Error(`the API server does not serve ${kind}`);
    const { namespace = 'default' } = (metadata ?? {}) as { namespace?: string };
    return `${rootOf(served.apiVersion)}${served.namespaced ? `/namespaces/${namespace}` : ''}/${served.resource}`;
  }

  #ask(method: string, path: string, body?: object, user?: string): Promise<Answer> {
    const { url, tls, authorization } = this.#access;
    const headers = {
      Accept: 'application/json',
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...(authorization ? { Authorization: authorization } : {}),
      ...(user ? { 'Impersonate-User': user, 'Impersonate-Group': 'system:masters' } : {}),
    };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, url), { ...tls, agent: this.#agent, method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const warnings = warningsIn(answer.rawHeaders);
          resolve({
            status: answer.statusCode ?? 0,
            body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
            warnings,
          });
        });
      });
      sent.on('error', reject);
      sent.end(body ? JSON.stringify(body) : undefined);
    });
  }
}

/** The texts of `Warning: 299 - "text"`, which Node gives byte by byte. */
function warningsIn(rawHeaders: readonly string[]): string[] {
  return rawHeaders
    .filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'warning')
    .map((value) => Buffer.from(value, 'latin1').toString('utf8'))
    .map((value) => (/^\d+ \S+ "(.*)"$/s.exec(value)?.[1] ?? value).replaceAll(/\\(.)/gs, '$1'));
}

/** Does something for each of many, some at a time; results in order. */
export async function forEachOf<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: 8 }, run));
  return results;
}
