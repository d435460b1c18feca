import { Button } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { useList, useRoute } from '../client/queries.ts';
import { type Scope, setQuery, useQueryValue } from '../client/scope.ts';
import { SubPlaces } from '../frame/sub-places.tsx';
import { useKeys } from '../frame/use-keys.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { FilterField } from './filter-field.tsx';
import styles from './inbox.module.css';
import { moveInRows, pickFix } from './ranking-moves.ts';
import { RankingRow } from './ranking-row.tsx';

/** Workloads, riskiest first, each a sentence before it is numbers. */
export function RankingList({ scope }: { scope: Scope }) {
  const search = useQueryValue('search');
  const list = useList('/api/workloads', { ...scope, search });
  const fixes = useRoute('/api/fixes');
  const byNumber = useMemo(() => new Map(fixes.data?.items.map((fix) => [fix.n, fix])), [fixes.data]);
  const pages = list.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.items);
  const total = pages[0]?.total ?? 0;
  const isNarrowed = search !== '' || scope.cluster !== undefined || scope.namespace !== undefined;
  const most = Math.max(...rows.map(({ loss, lossRange }) => Math.max(loss, lossRange[1])), Number.MIN_VALUE);
  const openFix = useCallback(() => {
    const row = document.activeElement?.closest<HTMLElement>('[data-fix]');
    if (row?.dataset['fix']) setQuery({ fix: row.dataset['fix'] }, { replace: false });
  }, []);
  useKeys({ j: () => moveInRows(1), k: () => moveInRows(-1), f: openFix });
  return (
    <section aria-labelledby="riskiest" className={styles.ranking}>
      <div className={styles.tools}>
        <SubPlaces of="Inbox" current="/" />
        <h2 id="riskiest" className="heard">
          Riskiest first {pages.length > 0 && <span>{count(total)}</span>}
        </h2>
        <FilterField label="Filter workloads" />
      </div>
      <div className={`panel ${styles.list}`}>
        <div className={styles.heads} aria-hidden="true">
          <span />
          <span>Workload, and why</span>
          <span>Loss</span>
          <span>Phases</span>
          <span>Smallest change that cuts it</span>
        </div>
        {list.error !== null && <ErrorState error={list.error} retry={() => void list.refetch()} inside />}
        {list.isPending && (
          <div className="inside">
            <LinesSkeleton lines={8} />
          </div>
        )}
        <ol>
          {rows.map((row) => (
            <RankingRow key={row.id} row={row} most={most} fix={pickFix(row.fixes, byNumber)} />
          ))}
        </ol>
        {list.data !== undefined && rows.length === 0 && (
          <NothingListed isNarrowed={isNarrowed} clear={() => navigate(location.pathname, { replace: false })} />
        )}
      </div>
      <div className={styles.after}>
        {list.hasNextPage ? (
          <Button
            variant="default"
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more of {count(total)}
          </Button>
        ) : (
          <span />
        )}
        <p className={`wide-only ${styles.keysHint}`}>
          <kbd>j</kbd> <kbd>k</kbd> move, <kbd>↵</kbd> opens, <kbd>f</kbd> fixes, <kbd>?</kbd> all keys
        </p>
      </div>
    </section>
  );
}

function NothingListed({ isNarrowed, clear }: { isNarrowed: boolean; clear: () => void }) {
  if (!isNarrowed) {
    return (
      <EmptyState inside title="No workloads were found">
        Images were read, but no manifest that runs them. Add the folder that holds your manifests to the paths.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      inside
      title="No workload matches"
      action={
        <Button variant="default" size="xs" onClick={clear}>
          Show all workloads
        </Button>
      }
    >
      The filter or the scope leaves none over.
    </EmptyState>
  );
}
