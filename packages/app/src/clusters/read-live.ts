import type { ManifestObject, Unknown } from '@breakwater/model';
import type { KindSelection } from '@breakwater/sources/clusters';
import type { LiveCluster } from './live-estates.ts';

/** How live clusters are found and read. */
export interface ReadLiveOptions extends KindSelection {
  /** Kubeconfigs that were named; else those that kubectl would take. */
  kubeconfigs?: readonly string[] | undefined;
  /** Only these namespaces. */
  namespaces?: readonly string[] | undefined;
  /** What is known already of a context, by whoever follows it: then the cluster is not asked. */
  known?: ((context: string) => Promise<LiveReading | undefined>) | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { done: number; total: number; subject: string }) => void) | undefined;
}

/** What live clusters hold. */
export interface LiveReading {
  objects: ManifestObject[];
  clusters: LiveCluster[];
  unknowns: Unknown[];
}

/**
 * Reads live clusters, each by its context. Several are read at once. A cluster that cannot be reached is an unknown
 * where others could be read, for the rest goes on. Throws UserError for a context that nobody knows.
 */
export async function readLive(contexts: readonly string[], options: ReadLiveOptions = {}): Promise<LiveReading> {
  const { clusterSource, findContext, nameOf, readCluster } = await import('@breakwater/sources/clusters');
  const read = async (name: string): Promise<LiveReading> => {
    const known = await options.known?.(name);
    if (known) return known;
    const context = await findContext(name, options);
    try {
      const { objects, unknowns, unread } = await readCluster(context, {
        ...options,
        onProgress: (progress) => options.onProgress?.({ ...progress, subject: `${name}: ${progress.subject}` }),
      });
      const cluster = {
        name: context.name,
        unread: unread.map(({ kind }) => kind),
        unreadResources: unread.map(nameOf),
      };
      return { objects, unknowns, clusters: [cluster] };
    } catch (error) {
      options.signal?.throwIfAborted();
      const { code, message, hint } = error as { code?: string; message: string; hint?: string };
      if (code === undefined) throw error;
      const unknown: Unknown = { code, message, place: { source: clusterSource(name) }, ...(hint ? { hint } : {}) };
      return { objects: [], unknowns: [unknown], clusters: [] };
    }
  };
  const readings = await Promise.all(contexts.map(read));
  return {
    objects: readings.flatMap(({ objects }) => objects),
    clusters: readings.flatMap(({ clusters }) => clusters),
    unknowns: readings.flatMap(({ unknowns }) => unknowns),
  };
}
