import { type Unknown, UpstreamError, UserError } from '@breakwater/model';
import { type ChosenKind, chooseKinds, type KindSelection } from './choose-kinds.ts';
import { type ClusterClient, openClient } from './cluster-client.ts';
import { ClusterError } from './cluster-error.ts';
import { clusterSource } from './cluster-target.ts';
import type { ClusterContext } from './kubeconfig.ts';
import { listObjects } from './list-objects.ts';
import { takeTurns } from './open-cluster.ts';
import { discoverKinds, nameOf } from './resource-kinds.ts';
import { mayRead, secretsUnread } from './secret-access.ts';
import { type LiveObject, takeObject } from './take-object.ts';
import { troubleOf, unreadKind } from './unread-kind.ts';

export interface ReadClusterOptions extends KindSelection {
  namespaces?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  /** Called after each kind. */
  onProgress?: ((progress: { done: number; total: number; subject: string }) => void) | undefined;
}

/** What a cluster holds at this moment. */
export interface ClusterRead {
  objects: LiveObject[];
  /** Kinds that were asked for. */
  kinds: ChosenKind[];
  /** Those of them that could not be read, or not whole. */
  unread: ChosenKind[];
  unknowns: Unknown[];
}

const LISTS = 4;
/** Attempts for a list that the server's troubles broke. */
const ATTEMPTS = 3;

/**
 * Reads a cluster once, without watching it. Kinds that may not be read are unknown, with the permission that is
 * missing. Rejects where the server cannot be reached at all, or does not take the credentials.
 */
export async function readCluster(context: ClusterContext, options: ReadClusterOptions = {}): Promise<ClusterRead> {
  const client = openClient(context);
  try {
    const { kinds: all, failed } = await discoverKinds(client, options.signal);
    const kinds = chooseKinds(all, options);
    const read: ClusterRead = { objects: [], kinds, unread: [], unknowns: [] };
    for (const { group, version, message } of failed) {
      read.unknowns.push({
        code: 'cluster-group-unknown',
        message: `What ${group}/${version} serves in cluster ${client.name} is not known: ${message}.`,
        place: { source: clusterSource(client.name), path: `/apis/${group}/${version}` },
        hint: 'kubectl get apiservices names the server that does not answer.',
      });
    }
    const turn = takeTurns(LISTS);
    let done = 0;
    await Promise.all(
      kinds.map((kind) =>
        turn(async () => {
          await readKind(client, kind, context, options, read);
          done += 1;
          options.onProgress?.({ done, total: kinds.length, subject: nameOf(kind) });
        }),
      ),
    );
    return read;
  } finally {
    client.close();
  }
}

/** Where all namespaces are refused, the one that the context names may be allowed. */
async function readKind(
  client: ClusterClient,
  kind: ChosenKind,
  context: ClusterContext,
  { namespaces, signal }: ReadClusterOptions,
  read: ClusterRead,
): Promise<void> {
  const wanted = kind.namespaced && namespaces ? namespaces : [undefined];
  for (const namespace of wanted) {
    if (!(await mayRead(client, kind, namespace, signal))) {
      read.unread.push(kind);
      read.unknowns.push(secretsUnread(client.name));
      continue;
    }
    const error = await readFrom(client, kind, namespace, signal, read);
    if (error === undefined) continue;
    read.unread.push(kind);
    read.unknowns.push(unreadKind(kind, namespace, client.name, troubleOf(error, undefined)));
    const own = kind.namespaced && namespace === undefined && error.code === 'cluster-permission-missing';
    if (own && context.namespace !== undefined) await readFrom(client, kind, context.namespace, signal, read);
  }
}

async function readFrom(
  client: ClusterClient,
  kind: ChosenKind,
  namespace: string | undefined,
  signal: AbortSignal | undefined,
  { objects, unknowns }: ClusterRead,
): Promise<UserError | UpstreamError | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const found: LiveObject[] = [];
    const left: Unknown[] = [];
    const restart = () => {
      found.length = 0;
      left.length = 0;
    };
    try {
      const onPage = (items: unknown[]) => {
        for (const item of items) {
          const taken = takeObject(item, kind, client.name);
          if (!('object' in taken)) left.push(taken);
          else {
            found.push(taken.object);
            left.push(...taken.unknowns);
          }
        }
      };
      await listObjects(client, kind, { namespace, signal, onPage, onRestart: restart });
      for (const object of found) objects.push(object);
      unknowns.push(...left);
      return undefined;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof UserError || error instanceof UpstreamError)) throw error;
      const passing = error instanceof ClusterError && (error.status === 0 || error.status >= 429);
      if (!passing || attempt === ATTEMPTS) return error;
    }
  }
}
