import type { WatchedTag } from '@breakwater/model';
import { NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { imageAddress, workloadAddress } from '../client/addresses.ts';
import { setQuery } from '../client/scope.ts';
import { ListFrame } from '../inventory/list-frame.tsx';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { count, plural } from '../words/numbers.ts';
import { age, inFull } from '../words/times.ts';
import styles from './registries.module.css';
import { type Order, SHOWN, sortBy, useTagQuery, useTags } from './use-tags.ts';

const STATE_WORDS: Record<WatchedTag['state'], string> = {
  waiting: 'To be read',
  read: 'Read',
  failed: 'Could not be read',
  gone: 'Gone',
};

/** Tags that are followed, in the order that is asked for. */
export function TagTable() {
  const list = useTags();
  const { search, registry, show, sort } = useTagQuery();
  const [now] = useState(Date.now);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="tags">
      <div className={styles.tools}>
        <h2 id="tags">Tags{registry === '' ? '' : ` of ${registry}`}</h2>
        <NativeSelect
          size="xs"
          aria-label="Tags to show"
          value={show}
          onChange={({ currentTarget }) => setQuery({ tags: currentTarget.value }, { replace: true })}
          data={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))}
        />
      </div>
      <ListFrame
        what="tags"
        list={list}
        shown={rows.length}
        total={list.data?.pages[0]?.total ?? 0}
        isNarrowed={search !== '' || registry !== '' || show !== ''}
      >
        <table className="rows">
          <thead>
            <tr>
              <Sorted order="name" sort={sort}>
                Tag
              </Sorted>
              <Sorted order="worst" sort={sort}>
                Worst
              </Sorted>
              <th scope="col" className="number">
                Vulnerabilities
              </th>
              <th scope="col" className="wide-only">
                Base
              </th>
              <Sorted order="age" sort={sort} wide>
                Built
              </Sorted>
              <Sorted order="since" sort={sort} wide>
                Seen since
              </Sorted>
              <th scope="col" className="wide-only">
                Runs in
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <TagRow key={`${row.reference} ${row.since}`} row={row} now={now} />
            ))}
          </tbody>
        </table>
      </ListFrame>
    </section>
  );
}

function Sorted({
  order,
  sort,
  wide = false,
  children,
}: {
  order: Order;
  sort: Order;
  wide?: boolean;
  children: ReactNode;
}) {
  const chosen = sort === order;
  return (
    <th
      scope="col"
      className={wide ? 'wide-only' : undefined}
      aria-sort={chosen ? (order === 'since' ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" className={styles.sort} onClick={() => sortBy(order)}>
        {children}
        <span aria-hidden="true">{chosen ? ' ↓' : ''}</span>
      </button>
    </th>
  );
}

function TagRow({ row, now }: { row: WatchedTag; now: number }) {
  const { image, workloads } = row;
  const name = `${row.repository}:${row.tag}`;
  const [first] = workloads;
  return (
    <tr>
      <td className={styles.reference} title={`${row.reference}\n${row.digest}`}>
        {image === undefined ? name : <Link href={imageAddress(image.id)}>{name}</Link>}
        {row.state !== 'read' && (
          <span className={styles.state} data-state={row.state} title={row.trouble?.message}>
            {STATE_WORDS[row.state]}
          </span>
        )}
        {row.movedAt !== undefined && (
          <span className="soft" title={inFull(row.movedAt)}>
            {' '}
            moved {age(row.movedAt, now)} ago
          </span>
        )}
      </td>
      <td>{image !== undefined && <SeverityMark grade={gradeOf(image)} />}</td>
      <td className="number">
        {image === undefined ? (
          <span className="soft">not known</span>
        ) : (
          <>
            {image.vulnerabilities.exploited > 0 && <b>{count(image.vulnerabilities.exploited)} exploited of </b>}
            {count(image.vulnerabilities.total)}
          </>
        )}
      </td>
      <td className="wide-only soft">
        {image?.distribution ?? ''}
        {image?.endOfLife !== undefined && Date.parse(image.endOfLife) < now && (
          <b> no fixes since {image.endOfLife.slice(0, 10)}</b>
        )}
      </td>
      <td className="wide-only soft">{image?.created === undefined ? '' : `${age(image.created, now)} ago`}</td>
      <td className="wide-only soft" title={inFull(row.since)}>
        {age(row.since, now)}
      </td>
      <td className="wide-only">
        {first === undefined ? (
          <span className="soft">nobody</span>
        ) : (
          <Link href={workloadAddress(first)} title={workloads.join('\n')}>
            {workloads.length === 1 ? first.split('/').slice(1).join('/') : plural(workloads.length, 'workload')}
          </Link>
        )}
      </td>
    </tr>
  );
}

/** Nothing found counts only where everything could be judged. */
function gradeOf({ worst, unknowns }: NonNullable<WatchedTag['image']>) {
  return worst ?? (unknowns > 0 ? 'unknown' : 'clean');
}
