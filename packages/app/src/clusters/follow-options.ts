import type { ClusterList } from '@breakwater/model';
import type { PolicySet } from '../estate/policy-set.ts';
import type { ReadLiveOptions } from './read-live.ts';

/** How clusters are followed. */
export interface FollowClustersOptions {
  /** Contexts of kubeconfigs. */
  contexts: readonly string[];
  reading: Pick<ReadLiveOptions, 'kubeconfigs' | 'namespaces'>;
  policySet: PolicySet;
  /** Where what each cluster holds is kept for readings. */
  snapshots: string;
  signal: AbortSignal;
  /** How the clusters stand; told at most once a second. */
  onStatus(list: ClusterList): void;
  /** What is kept changed, so that the estate is to be read again. */
  onChanged(): void;
}
