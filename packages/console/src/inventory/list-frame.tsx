import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { setQuery } from '../client/scope.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import styles from './inventory.module.css';

interface ListFrameProps {
  /** What the rows are: "workloads". */
  what: string;
  list: {
    error: Error | null;
    isPending: boolean;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    refetch: () => unknown;
    fetchNextPage: () => unknown;
  };
  shown: number;
  total: number;
  isNarrowed: boolean;
  children: ReactNode;
}

/** A list with its states: error, loading, empty, filtered-empty, and more to come. */
export function ListFrame({ what, list, shown, total, isNarrowed, children }: ListFrameProps) {
  const showAll = () =>
    setQuery(
      { search: undefined, cluster: undefined, namespace: undefined, registry: undefined, tags: undefined },
      { replace: false },
    );
  return (
    <>
      <div className="panel">
        {list.error !== null && <ErrorState error={list.error} retry={() => void list.refetch()} inside />}
        {list.isPending && (
          <div className="inside">
            <LinesSkeleton lines={10} />
          </div>
        )}
        {shown > 0 && <div className="scroll-x">{children}</div>}
        {!list.isPending && list.error === null && shown === 0 && (
          <EmptyState
            inside
            title={isNarrowed ? `No ${what} match` : `No ${what} were read`}
            action={
              isNarrowed && (
                <Button variant="default" size="xs" onClick={showAll}>
                  Show all {what}
                </Button>
              )
            }
          >
            {isNarrowed
              ? 'The filter or the scope leaves none over.'
              : `Give the paths that hold ${what} when you start: npm run up -- PATH`}
          </EmptyState>
        )}
      </div>
      {shown > 0 && (
        <div className={styles.after}>
          <span>
            {count(shown)} of {count(total)}
          </span>
          {list.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </div>
      )}
    </>
  );
}
