import { Link } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope } from '../client/addresses.ts';
import { RequestError } from '../client/fetch-route.ts';
import { usePathId, useQueryValue } from '../client/scope.ts';
import { EmptyState, ErrorState, PageSkeleton } from '../states/states.tsx';
import styles from './behaviour.module.css';
import { ContainerChoice } from './container-choice.tsx';
import { ProfileView } from './profile-view.tsx';
import { shortName } from './short-name.ts';
import { useProfile } from './use-profile.ts';

/** What is known of how a container behaves, on a page of its own: also of what is no workload of the estate. */
export default function ProfilePage() {
  const subject = usePathId('/behaviour/');
  const container = useQueryValue('container');
  const { data, error, refetch } = useProfile(subject, container);
  const scope = keepScope(useSearch());
  if (error instanceof RequestError && error.status === 404) return <NoProfile subject={subject} />;
  if (error !== null && data === undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      <title>{`Behaviour of ${shortName(subject)} · Breakwater`}</title>
      {data === undefined ? (
        <PageSkeleton rows={5} />
      ) : (
        <div className={styles.page}>
          <div>
            <nav aria-label="Breadcrumb">
              <ol className="crumbs">
                <li>
                  <Link href={`/inventory${scope}`}>Inventory</Link>
                </li>
                <li>
                  <Link href="/inventory?tab=behaviour">Behaviour</Link>
                </li>
              </ol>
            </nav>
            <div className={styles.head}>
              <h1>{shortName(subject)}</h1>
              <ContainerChoice subject={subject} current={data.container} />
            </div>
          </div>
          <ProfileView profile={data} />
        </div>
      )}
    </>
  );
}

/** Nothing was seen or declared of such a name. */
export function NoProfile({ subject }: { subject: string }) {
  return (
    <>
      <title>Not found · Breakwater</title>
      <EmptyState
        title="Nothing is known of how it behaves"
        action={<Link href="/inventory?tab=behaviour">See all profiles</Link>}
      >
        No event of <code>{subject}</code> came in.
      </EmptyState>
    </>
  );
}
