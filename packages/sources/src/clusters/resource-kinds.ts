import { z } from 'zod';
import { type ClusterClient, notAnApi } from './cluster-client.ts';
import { ClusterError } from './cluster-error.ts';

/** A kind of object that an API server serves, in the version that it prefers. */
export interface ResourceKind {
  /** Empty for the core group. */
  group: string;
  version: string;
  kind: string;
  /** As in paths: `deployments`. */
  resource: string;
  namespaced: boolean;
  /** May be listed, and watched. */
  verbs: readonly string[];
}

const Aggregated = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default('') }).default({ name: '' }),
      versions: z.array(
        z.object({
          version: z.string(),
          freshness: z.string().optional(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                responseKind: z.object({ kind: z.string() }).nullish(),
                scope: z.string(),
                verbs: z.array(z.string()).default([]),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const ResourceList = z.object({
  resources: z.array(
    z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()).default([]) }),
  ),
});
const VersionList = z.object({ versions: z.array(z.string()) });
const GroupList = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ),
});

/** All kinds of a server, and groups whose own server did not answer. */
export interface Discovered {
  kinds: ResourceKind[];
  /** Group and version, with the reason: what it serves is not known. */
  failed: { group: string; version: string; message: string }[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/** Asks which kinds there are: two requests where the server can say it all at once (1.30 and later), else one a group. */
export async function discoverKinds(client: ClusterClient, signal?: AbortSignal): Promise<Discovered> {
  const found: Discovered = { kinds: [], failed: [] };
  try {
    for (const root of ['/api', '/apis'] as const) {
      const answer = await client.get(root, { accept: AGGREGATED, signal });
      const aggregated = Aggregated.safeParse(answer);
      if (aggregated.success) addAggregated(aggregated.data, found);
      else if (root === '/api') await addVersions(client, VersionList.parse(answer).versions, '', found, signal);
      else await addGroups(client, GroupList.parse(answer), found, signal);
    }
  } catch (error) {
    throw error instanceof z.ZodError ? notAnApi(client.name, client.server, error) : error;
  }
  return found;
}

function addAggregated({ items }: z.infer<typeof Aggregated>, found: Discovered): void {
  for (const { metadata, versions } of items) {
    const group = metadata.name;
    for (const { version, freshness, resources } of versions) {
      if (freshness === 'Stale') found.failed.push({ group, version, message: 'its server does not answer' });
      for (const { resource, responseKind, scope, verbs } of resources) {
        if (!responseKind) continue;
        addKind(found, {
          group,
          version,
          kind: responseKind.kind,
          resource,
          namespaced: scope === 'Namespaced',
          verbs,
        });
      }
    }
  }
}

async function addGroups(
  client: ClusterClient,
  { groups }: z.infer<typeof GroupList>,
  found: Discovered,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { name, versions, preferredVersion } of groups) {
    const all = versions.map(({ version }) => version);
    const preferred = preferredVersion?.version;
    const ordered = preferred === undefined ? all : [preferred, ...all.filter((version) => version !== preferred)];
    await addVersions(client, ordered, name, found, signal);
  }
}

async function addVersions(
  client: ClusterClient,
  versions: string[],
  group: string,
  found: Discovered,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const version of versions) {
    try {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const { resources } = ResourceList.parse(await client.get(path, { signal }));
      for (const { name, kind, namespaced, verbs } of resources) {
        if (!name.includes('/')) addKind(found, { group, version, kind, resource: name, namespaced, verbs });
      }
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status === 0) throw error;
      found.failed.push({ group, version, message: error.message });
    }
  }
}

/** The first version that has a resource is the preferred one. */
function addKind({ kinds }: Discovered, kind: ResourceKind): void {
  if (kinds.some(({ group, resource }) => group === kind.group && resource === kind.resource)) return;
  kinds.push(kind);
}

/** Where objects of a kind are: all, or those of a namespace. */
export function pathOf({ group, version, resource, namespaced }: ResourceKind, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace !== undefined && namespaced
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`
    : `${root}/${resource}`;
}

/** `deployments.apps`, `pods`: how kubectl and RBAC name it. */
export function nameOf({ group, resource }: Pick<ResourceKind, 'group' | 'resource'>): string {
  return group === '' ? resource : `${resource}.${group}`;
}
