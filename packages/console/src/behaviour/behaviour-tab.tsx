import { RequestError } from '../client/fetch-route.ts';
import { useRoute } from '../client/queries.ts';
import { useQueryValue } from '../client/scope.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import styles from './behaviour.module.css';
import { ContainerChoice } from './container-choice.tsx';
import { ProfileView } from './profile-view.tsx';
import { useProfile } from './use-profile.ts';

/** How a workload behaves, on its own page. */
export default function BehaviourTab({ subject }: { subject: string }) {
  const container = useQueryValue('container');
  const list = useRoute('/api/profiles', { query: { subject, limit: 100 } });
  const chosen = list.data?.items.find((one) => one.container === container) ?? list.data?.items[0];
  const profile = useProfile(chosen?.subject ?? subject, chosen?.container, chosen !== undefined);
  const error = list.error ?? profile.error;
  if (list.data?.items.length === 0 || (error instanceof RequestError && error.status === 404)) return <NotSeen />;
  if (error !== null && profile.data === undefined) {
    return <ErrorState error={error} retry={() => void Promise.all([list.refetch(), profile.refetch()])} inside />;
  }
  if (profile.data === undefined) return <LinesSkeleton lines={10} />;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <ContainerChoice subject={profile.data.subject} current={profile.data.container} />
      </div>
      <ProfileView profile={profile.data} />
    </div>
  );
}

function NotSeen() {
  return (
    <div className="panel">
      <EmptyState inside title="Nothing is known of how it behaves">
        No event of it came in. The sensor tells what containers do: <code>npx breakwater ingest key NODE</code>, then{' '}
        <code>npx breakwater sensor</code> on each node.
      </EmptyState>
    </div>
  );
}
