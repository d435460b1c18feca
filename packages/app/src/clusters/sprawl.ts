import type { SprawlItem, SprawlKind, SprawlReport } from '@breakwater/model';
import type { LiveIndex } from './live-index.ts';
import { referencesOf } from './references.ts';
import { deadPaths } from './sprawl-dead.ts';
import { endedSupport, unusedImages } from './sprawl-nodes.ts';
import { unusedObjects } from './sprawl-unused.ts';
import { idleWorkloads } from './sprawl-workloads.ts';

/** Kinds without which something cannot be told; for the others it would only be told less surely. */
const NEEDS: Record<SprawlKind, string[]> = {
  'orphaned-workload': ['pods'],
  'idle-workload': ['deployments.apps', 'statefulsets.apps', 'replicasets.apps'],
  'finished-workload': ['pods', 'jobs.batch'],
  'unselected-workload': ['services', 'deployments.apps', 'statefulsets.apps'],
  'dead-service': ['services', 'pods', 'endpointslices.discovery.k8s.io'],
  'dead-ingress': ['ingresses.networking.k8s.io', 'services'],
  'dead-policy': ['networkpolicies.networking.k8s.io', 'poddisruptionbudgets.policy', 'pods'],
  'dead-binding': ['rolebindings.rbac.authorization.k8s.io', 'clusterrolebindings.rbac.authorization.k8s.io'],
  'dead-autoscaler': ['horizontalpodautoscalers.autoscaling'],
  'unused-config-map': ['configmaps', 'pods'],
  'unused-secret': ['secrets', 'pods', 'serviceaccounts'],
  'unused-service-account': ['serviceaccounts', 'pods'],
  'unused-claim': ['persistentvolumeclaims', 'pods'],
  'unused-volume': ['persistentvolumes'],
  'unused-image': ['nodes', 'pods'],
  'end-of-life': ['nodes'],
};

/** What is known of how objects were read. */
export interface SprawlContext {
  /** ISO 8601. */
  now: string;
  /** Kinds (`pods`, `deployments.apps`) of each cluster that could not be read whole. */
  unread: readonly { cluster: string; name: string }[];
}

/**
 * What gathered in clusters that nobody needs, the oldest first. Where a kind that it hangs on could not be read, it is
 * undecided and not told: what nobody was seen to use may be used.
 */
export function sprawlOf(index: LiveIndex, { now, unread }: SprawlContext): Omit<SprawlReport, 'unknowns'> {
  const references = referencesOf(index);
  const items: SprawlItem[] = [
    ...idleWorkloads(index, now),
    ...deadPaths(index),
    ...unusedObjects(index, references),
    ...unusedImages(index),
    ...endedSupport(index, now),
  ];
  const blind = (kind: SprawlKind, cluster?: string) =>
    unread.filter(
      ({ name, ...where }) => NEEDS[kind].includes(name) && (cluster === undefined || where.cluster === cluster),
    );
  const undecided = (Object.keys(NEEDS) as SprawlKind[]).flatMap((kind) =>
    blind(kind).map(({ cluster, name }) => ({ kind, why: `${name} of cluster ${cluster} could not be read` })),
  );
  return {
    items: items
      .filter(({ kind, object }) => blind(kind, object.cluster).length === 0)
      .sort((a, b) => compare(a.since ?? '9', b.since ?? '9') || compare(a.object.name, b.object.name)),
    undecided,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
