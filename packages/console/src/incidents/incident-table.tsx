import type { IncidentPage, IncidentSummary } from '@breakwater/model';
import { Button } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import { shortName } from '../behaviour/short-name.ts';
import { incidentAddress } from '../client/addresses.ts';
import { setQuery } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { inFull, moment } from '../words/times.ts';
import styles from './incidents.module.css';
import { StatusMark } from './status-mark.tsx';

interface IncidentTableProps {
  list: UseInfiniteQueryResult<{ pages: IncidentPage[] }>;
  isNarrowed: boolean;
}

/** Incidents as rows, with the states of a list: error, loading, none, none that match, and more to come. */
export function IncidentTable({ list, isNarrowed }: IncidentTableProps) {
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <>
      <div className="panel">
        {list.error !== null && <ErrorState error={list.error} retry={() => void list.refetch()} inside />}
        {list.isPending && (
          <div className="inside">
            <LinesSkeleton lines={8} />
          </div>
        )}
        {list.data !== undefined && rows.length === 0 && <None isNarrowed={isNarrowed} />}
        {rows.length > 0 && <Rows rows={rows} />}
      </div>
      {rows.length > 0 && (
        <div className={styles.after}>
          <span>
            {count(rows.length)} of {count(total)}
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

function None({ isNarrowed }: { isNarrowed: boolean }) {
  if (!isNarrowed) {
    return (
      <EmptyState inside title="Nothing went on that was not expected">
        Events are judged as they come in, by policies and by what is known of each container. Where no sensor sends
        any, nothing is seen: <code>npx breakwater ingest key NODE</code>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      inside
      title="No incidents match"
      action={
        <Button
          variant="default"
          size="xs"
          onClick={() => setQuery({ status: undefined, search: undefined, namespace: undefined }, { replace: false })}
        >
          Show all incidents
        </Button>
      }
    >
      The filter or the scope leaves none over.
    </EmptyState>
  );
}

function Rows({ rows }: { rows: readonly IncidentSummary[] }) {
  const now = Date.now();
  return (
    <div className="scroll-x">
      <table className={`rows ${styles.table}`}>
        <ColumnHeads
          of={[
            'Severity',
            'What happened',
            { name: 'Where', className: 'wide-only' },
            { name: 'Last', className: 'wide-only' },
            { name: 'Prevented', className: 'number wide-only' },
            'Status',
          ]}
        />
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-status={row.status}>
              <td>
                <SeverityMark grade={row.severity} />
              </td>
              <td className={styles.title}>
                <Link href={incidentAddress(row.id)}>{row.title}</Link>
              </td>
              <td className={`wide-only soft ${styles.subject}`} title={row.subjects.join('\n')}>
                {shortName(row.subjects[0] ?? '')}
                {row.subjects.length > 1 && ` and ${count(row.subjects.length - 1)} more`}
              </td>
              <td className="wide-only soft tight">
                <time dateTime={row.last} title={inFull(row.last)}>
                  {moment(row.last, now)}
                </time>
              </td>
              <td className="number wide-only">
                {count(row.prevented)} <span className="soft">of {count(row.entries)}</span>
              </td>
              <td className="tight">
                <StatusMark status={row.status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
