import type { ObjectChange, OpenCluster, OpenClusterOptions } from '@breakwater/sources/clusters';
import { findContext, openCluster } from '../../packages/sources/src/clusters/index.ts';
import type { Cluster } from './start-cluster.ts';

/** A cluster that is followed, with all that was told of it. */
export interface Watched extends OpenCluster {
  /** In order: `added ConfigMap shop/a`. */
  told: string[];
}

/** Follows a cluster as its administrator, impatiently. `server` replaces the address of the kubeconfig. */
export async function watchCluster(
  { kubeconfig }: Pick<Cluster, 'kubeconfig'>,
  options: OpenClusterOptions & { server?: string } = {},
): Promise<Watched> {
  const context = await findContext('current', { kubeconfigs: [kubeconfig] });
  const told: string[] = [];
  const watched = await openCluster(
    { ...context, cluster: { ...context.cluster, ...(options.server ? { server: options.server } : {}) } },
    {
      retry: { first: 50, most: 500 },
      ...options,
      onChange(change: ObjectChange) {
        const { kind, namespace, name } = change.object;
        told.push(`${change.type} ${kind} ${namespace}/${name}`);
        options.onChange?.(change);
      },
    },
  );
  await watched.listed;
  return { ...watched, told };
}
