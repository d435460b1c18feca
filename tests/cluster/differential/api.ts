import type { JsonObject } from '@breakwater/model';
import type { ApiAnswer, Cluster } from '../start-cluster.ts';

/** Where an API server serves a kind. */
export interface ServedKind {
  apiVersion: string;
  resource: string;
  namespaced: boolean;
}

/** Every kind that an API server serves, in its preferred version, as it says itself. */
export async function discoverKinds(cluster: Cluster): Promise<Map<string, ServedKind>> {
  const { body } = await cluster.request('GET', '/apis');
  const preferred = (body.groups as { preferredVersion: { groupVersion: string } }[]).map(
    ({ preferredVersion }) => preferredVersion.groupVersion,
  );
  const kinds = new Map<string, ServedKind>();
  for (const apiVersion of ['v1', ...preferred]) {
    const { body: list } = await cluster.request('GET', `${rootOf(apiVersion)}`);
    for (const { kind, name, namespaced } of list.resources as { kind: string; name: string; namespaced: boolean }[]) {
      if (!name.includes('/') && !kinds.has(kind)) kinds.set(kind, { apiVersion, resource: name, namespaced });
    }
  }
  return kinds;
}

const rootOf = (apiVersion: string): string => (apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`);

/** Path of the collection of a kind. */
export const collectionOf = ({ apiVersion, resource, namespaced }: ServedKind, namespace: string): string =>
  `${rootOf(apiVersion)}${namespaced ? `/namespaces/${namespace}` : ''}/${resource}`;

/** Asks an API server to make an object without keeping it; its answer holds the object with all that was defaulted. */
export async function tryCreate(cluster: Cluster, kind: ServedKind, object: JsonObject): Promise<ApiAnswer> {
  const { namespace = 'default' } = object['metadata'] as { namespace?: string };
  return await cluster.request('POST', `${collectionOf(kind, namespace)}?dryRun=All&fieldValidation=Ignore`, object);
}

/** Makes an object for good. */
export async function create(cluster: Cluster, kind: ServedKind, object: JsonObject): Promise<JsonObject> {
  const { namespace = 'default' } = object['metadata'] as { namespace?: string };
  const { status, body } = await cluster.request('POST', collectionOf(kind, namespace), object);
  if (status !== 201) throw new Error(`${JSON.stringify(object['metadata'])}: ${status} ${body.message}`);
  return body;
}

/** Does something for each of many, some at a time, in order of their results. */
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
