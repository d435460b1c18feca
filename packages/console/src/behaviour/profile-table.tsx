import type { ProfileSummary } from '@breakwater/model';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { profileAddress } from '../client/addresses.ts';
import { fetchRoute } from '../client/fetch-route.ts';
import { useQueryValue } from '../client/scope.ts';
import { ListFrame } from '../inventory/list-frame.tsx';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { EmptyState } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { age, inFull } from '../words/times.ts';
import styles from './behaviour.module.css';
import { DIMENSION_WORDS } from './behaviour-words.ts';
import { shortName } from './short-name.ts';

/** Rows that one page of the list brings. */
const PAGE_SIZE = 50;

/** How far each container is known: those with something to decide first, then the least settled. */
export function ProfileTable() {
  const search = useQueryValue('search');
  const namespace = useQueryValue('namespace');
  const query = { search, namespace, limit: PAGE_SIZE };
  const list = useInfiniteQuery({
    queryKey: ['/api/profiles', 'pages', query],
    queryFn: ({ pageParam, signal }) => fetchRoute('/api/profiles', { query: { ...query, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = search !== '' || namespace !== '';
  if (list.data !== undefined && rows.length === 0 && !isNarrowed) return <NothingSeen />;
  const now = Date.now();
  return (
    <ListFrame
      what="profiles"
      list={list}
      shown={rows.length}
      total={list.data?.pages[0]?.total ?? 0}
      isNarrowed={isNarrowed}
    >
      <table className={`rows ${styles.table}`}>
        <ColumnHeads
          of={[
            'Workload',
            { name: 'To decide', className: 'number' },
            { name: 'Settled', className: 'number' },
            { name: 'Not settled', className: 'wide-only' },
            { name: 'Behaviours', className: 'number wide-only' },
            { name: 'Releases', className: 'number wide-only' },
            { name: 'Last seen', className: 'wide-only' },
          ]}
        />
        <tbody>
          {rows.map((row) => (
            <ProfileRow key={`${row.subject} ${row.container}`} row={row} now={now} />
          ))}
        </tbody>
      </table>
    </ListFrame>
  );
}

function ProfileRow({ row, now }: { row: ProfileSummary; now: number }) {
  const { subject, container, settled, seen, unsettled, behaviours, pending, releases, image, last } = row;
  return (
    <tr>
      <td className={styles.reference} title={[subject, image].filter(Boolean).join('\n')}>
        <Link href={profileAddress(subject, container)}>{shortName(subject)}</Link>
        {container !== undefined && <span className="soft"> {container}</span>}
      </td>
      <td className="number">{pending > 0 ? <b>{count(pending)}</b> : <span className="soft">0</span>}</td>
      <td className="number">
        {count(settled)} <span className="soft">of {count(seen)}</span>
      </td>
      <td className="wide-only soft">{unsettled.map((dimension) => DIMENSION_WORDS[dimension]).join(', ')}</td>
      <td className="number wide-only">{count(behaviours)}</td>
      <td className="number wide-only soft">{count(releases)}</td>
      <td className="wide-only soft">
        {last === undefined ? (
          'never'
        ) : (
          <time dateTime={last} title={inFull(last)}>
            {age(last, now)} ago
          </time>
        )}
      </td>
    </tr>
  );
}

function NothingSeen() {
  return (
    <div className="panel">
      <EmptyState inside title="Nothing was seen to run yet">
        Profiles grow from what containers do. Give a node a key with <code>npx breakwater ingest key NODE</code>, and
        start <code>npx breakwater sensor</code> there; or send events of Tetragon, Falco, Tracee or KubeArmor.
      </EmptyState>
    </div>
  );
}
