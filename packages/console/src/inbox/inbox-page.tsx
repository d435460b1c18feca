import { use } from 'react';
import { RequestError } from '../client/fetch-route.ts';
import { isWorking, LiveProgress } from '../client/live-progress.ts';
import { useList, useRoute } from '../client/queries.ts';
import { useQueryValue, useScope } from '../client/scope.ts';
import { FirstRun } from '../states/first-run.tsx';
import { ErrorState, PageSkeleton } from '../states/states.tsx';
import { Figures } from './figures.tsx';
import { Headline } from './headline.tsx';
import styles from './inbox.module.css';
import { Notices } from './notices.tsx';
import { RankingList } from './ranking-list.tsx';

/** What to do first: the ranking. */
export default function InboxPage() {
  const summary = useRoute('/api/summary');
  const scope = useScope();
  // Asked at once, not after the summary: the list below shows the same answers.
  useList('/api/workloads', { ...scope, search: useQueryValue('search') });
  useRoute('/api/fixes');
  const { data, error, refetch } = summary;
  const isFirstReading = isWorking(use(LiveProgress)) && isFirstRun(error);
  return (
    <>
      <title>Inbox · Breakwater</title>
      {data === undefined && (error === null || isFirstReading) && <PageSkeleton />}
      {isFirstRun(error) && !isFirstReading && <FirstRun />}
      {error !== null && !isFirstRun(error) && <ErrorState error={error} retry={() => void refetch()} />}
      {data !== undefined && data.workloads === 0 && data.images === 0 && <FirstRun />}
      {data !== undefined && (data.workloads > 0 || data.images > 0) && (
        <div className={styles.page}>
          <Headline summary={data} />
          <Notices summary={data} />
          <Figures summary={data} />
          <RankingList key={`${scope.cluster}/${scope.namespace}`} scope={scope} />
        </div>
      )}
    </>
  );
}

/** Before the first ranking there is no summary: the server says so with 404 (nothing was read) or 409 (not yet ranked). */
function isFirstRun(error: Error | null): boolean {
  return error instanceof RequestError && (error.status === 404 || error.status === 409);
}
