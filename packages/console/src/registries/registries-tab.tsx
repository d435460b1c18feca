import type { RegistryList } from '@breakwater/model';
import { useQuery } from '@tanstack/react-query';
import { fetchRoute } from '../client/fetch-route.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { EventList } from './event-list.tsx';
import { RegistryStates } from './registry-states.tsx';
import { TagTable } from './tag-table.tsx';
import { REFRESH } from './use-tags.ts';

/** Watched registries: how they stand, their tags, and what happened in them. */
export function RegistriesTab() {
  const { data, error, refetch } = useQuery<RegistryList>({
    queryKey: ['/api/registries', {}],
    queryFn: ({ signal }) => fetchRoute('/api/registries', {}, signal),
    refetchInterval: REFRESH,
  });
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (data === undefined) return <LinesSkeleton lines={10} />;
  if (data.items.length === 0) {
    return (
      <div className="panel">
        <EmptyState inside title="No registry is watched">
          Name one when you start: <code>npx breakwater up PATH --registry registry.example/shop</code>. Its tags are
          followed from then on, and their images judged again whenever advisories change.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="stack">
      <RegistryStates list={data} />
      <TagTable />
      <EventList />
    </div>
  );
}
