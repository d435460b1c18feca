import type { ClusterList } from '@breakwater/model';
import type { ReadRoute } from './read.ts';

/** What follows live clusters on behalf of this server. */
export interface ClusterService {
  list(): ClusterList;
}

/** Routes that read how live clusters stand. */
export const CLUSTER_ROUTES: ReadRoute<ClusterService>[] = [
  {
    path: '/api/clusters',
    summary: 'Live clusters that are followed: what is read of them, what may not be read, gaps and troubles',
    answer: async ({ list }) => list(),
  },
];
