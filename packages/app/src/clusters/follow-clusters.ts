import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterList } from '@breakwater/model';
import type { FollowClustersOptions } from './follow-options.ts';
import { FollowedCluster } from './followed-cluster.ts';

/** Milliseconds in which changes are gathered before they are judged. */
const GATHER = 1000;

/**
 * Follows clusters until the signal: judges what changes, keeps what they hold now, and tells how they stand. A cluster
 * that cannot be reached, at the beginning or later, is told and tried again; the others go on.
 */
export async function followClusters(options: FollowClustersOptions): Promise<void> {
  const { contexts, signal, onStatus, onChanged } = options;
  const followed = contexts.map((context) => new FollowedCluster(context, options));
  const list = (): ClusterList => ({ items: followed.map((cluster) => cluster.describe()) });
  const runs = followed.map((cluster) => cluster.run(signal));
  while (!signal.aborted) {
    let changed = false;
    let told = false;
    for (const cluster of followed) {
      const settled = await cluster.settle();
      changed ||= settled.kept;
      told ||= settled.told;
    }
    if (told) onStatus(list());
    if (changed) onChanged();
    await wait(GATHER, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(runs);
}
