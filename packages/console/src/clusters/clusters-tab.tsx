import type { ClusterList } from '@breakwater/model';
import { useQuery } from '@tanstack/react-query';
import { fetchRoute } from '../client/fetch-route.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { ClusterStates } from './cluster-states.tsx';
import { UnreadKinds } from './unread-kinds.tsx';

/** Milliseconds between two looks: what happens in a cluster is told within seconds. */
const REFRESH = 5000;

/** Live clusters that are followed: how they stand, and what of them is not known. */
export function ClustersTab() {
  const { data, error, refetch } = useQuery<ClusterList>({
    queryKey: ['/api/clusters', {}],
    queryFn: ({ signal }) => fetchRoute('/api/clusters', {}, signal),
    refetchInterval: REFRESH,
  });
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (data === undefined) return <LinesSkeleton lines={10} />;
  if (data.items.length === 0) {
    return (
      <div className="panel">
        <EmptyState inside title="No cluster is followed">
          Name one when you start: <code>npx breakwater up --cluster CONTEXT</code>, by a context of your kubeconfig.
          What runs in it is judged from then on, within seconds of every change.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="stack">
      <ClusterStates list={data} />
      <UnreadKinds list={data} />
    </div>
  );
}
