import { useRoute } from '../client/queries.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { UnknownTable } from './unknown-list.tsx';

/** Every fact that could not be had. */
export default function UnknownView() {
  const { data, error, refetch } = useRoute('/api/unknowns');
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (data === undefined) return <LinesSkeleton />;
  if (data.items.length === 0) {
    return (
      <EmptyState inside title="Everything could be decided">
        No fact was missing when this was last ranked.
      </EmptyState>
    );
  }
  return (
    <div className="stack">
      <p>What could not be read is never called clean: each of these widens the range of a loss.</p>
      <UnknownTable unknowns={data.items} />
    </div>
  );
}
