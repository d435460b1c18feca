import { workloadsOf } from '@breakwater/engine/inventory';
import { unevaluatedPolicies } from '@breakwater/engine/network';
import { type ClusterReach, reachOfNetworks } from '@breakwater/engine/network/connectivity';
import type { Unknown } from '@breakwater/model';
import { readManifests } from '@breakwater/sources/manifests';

/** Clusters of manifests, with who can talk to whom in each. */
export interface ReadClusters {
  clusters: { cluster: string; reach: ClusterReach }[];
  unknowns: Unknown[];
  /** How many objects were read. */
  objects: number;
}

/** Reads manifests into clusters with their networks. Clusters do not reach each other. */
export async function readClusters(paths: string[], signal?: AbortSignal): Promise<ReadClusters> {
  const { objects, unknowns } = await readManifests(paths, signal === undefined ? {} : { signal });
  const { workloads, unknowns: unread } = workloadsOf(objects);
  const byCluster = Map.groupBy(workloads, ({ cluster }) => cluster);
  const clusters = [...Map.groupBy(objects, ({ cluster }) => cluster)].map(([cluster, own]) => ({
    cluster,
    reach: reachOfNetworks(cluster, own, byCluster.get(cluster) ?? []),
  }));
  const others = clusters.flatMap(({ cluster, reach: { networks } }) => {
    const own = objects.filter((object) => object.cluster === cluster);
    return unevaluatedPolicies(
      own,
      networks.flatMap(({ reach }) => reach.policies),
    ).unknowns;
  });
  return { clusters, unknowns: [...unknowns, ...unread, ...others], objects: objects.length };
}
