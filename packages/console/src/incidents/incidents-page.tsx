import type { Incident, IncidentPage } from '@breakwater/model';
import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { fetchRoute } from '../client/fetch-route.ts';
import { setQuery, useQueryValue } from '../client/scope.ts';
import { FilterField } from '../inbox/filter-field.tsx';
import '../styles/segmented-control.css';
import { plural } from '../words/numbers.ts';
import { IncidentTable } from './incident-table.tsx';
import { STATUS_WORDS } from './incident-words.ts';
import styles from './incidents.module.css';

/** Rows that one page of the list brings, and milliseconds between two looks: an incident is told within seconds. */
const PAGE_SIZE = 50;
const REFRESH = 5000;
const STATUSES = Object.keys(STATUS_WORDS) as Incident['status'][];

/** What went on that was not to be expected: open ones first, the gravest first. */
export default function IncidentsPage() {
  const wanted = useQueryValue('status');
  const status = STATUSES.find((one) => one === wanted);
  const search = useQueryValue('search');
  const namespace = useQueryValue('namespace');
  const query = { status, search, namespace, limit: PAGE_SIZE };
  const list = useInfiniteQuery({
    queryKey: ['/api/incidents', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      fetchRoute('/api/incidents', { query: { ...query, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: REFRESH,
  });
  const [first] = list.data?.pages ?? [];
  return (
    <div className={styles.page}>
      <title>Incidents · Breakwater</title>
      <div>
        <h1>{first === undefined ? 'Incidents' : headline(first, status)}</h1>
        <p className="soft">
          What containers did that nobody expected of them, told as one story for each process tree and what it reached.
        </p>
      </div>
      <div className={styles.tools}>
        <div className="scroll-x">
          <SegmentedControl
            size="xs"
            aria-label="Which incidents"
            value={status ?? ''}
            onChange={(value) => setQuery({ status: value || undefined }, { replace: true })}
            data={[{ value: '', label: 'All' }, ...STATUSES.map((one) => ({ value: one, label: STATUS_WORDS[one] }))]}
          />
        </div>
        <FilterField label="Filter incidents" />
      </div>
      <IncidentTable list={list} isNarrowed={status !== undefined || search !== '' || namespace !== ''} />
    </div>
  );
}

function headline({ open, total }: IncidentPage, status: Incident['status'] | undefined): string {
  if (open > 0) return `${plural(open, 'open incident')}`;
  return total === 0 && status === undefined ? 'No incidents' : 'No open incidents';
}
