import type { ImageSummary } from '@breakwater/model';
import { Link } from 'wouter';
import { imageAddress } from '../client/addresses.ts';
import { useList } from '../client/queries.ts';
import { useQueryValue, useScope } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { count, plural } from '../words/numbers.ts';
import styles from './inventory.module.css';
import { ListFrame } from './list-frame.tsx';

/** Images as rows. */
export function ImageTable() {
  const scope = useScope();
  const search = useQueryValue('search');
  const list = useList('/api/images', { ...scope, search });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = search !== '' || scope.cluster !== undefined || scope.namespace !== undefined;
  return (
    <ListFrame
      what="images"
      list={list}
      shown={rows.length}
      total={list.data?.pages[0]?.total ?? 0}
      isNarrowed={isNarrowed}
    >
      <table className={`rows ${styles.table}`}>
        <ColumnHeads
          of={[
            'Image',
            { name: 'Distribution', className: 'wide-only' },
            { name: 'Components', className: 'number wide-only' },
            { name: 'Matter', className: 'number' },
            { name: 'Read', className: 'wide-only' },
            { name: 'Workloads', className: 'number' },
          ]}
        />
        <tbody>
          {rows.map((row) => (
            <ImageRow key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </ListFrame>
  );
}

function ImageRow({ row }: { row: ImageSummary }) {
  return (
    <tr>
      <td className={styles.reference} title={row.target}>
        <Link href={imageAddress(row.id)}>{row.references[0] ?? row.target}</Link>
      </td>
      <td className="wide-only soft">{row.distribution ?? 'none'}</td>
      <td className="number wide-only">{count(row.components)}</td>
      <td className="number">
        {count(row.matter)} <span className="soft">of {count(row.vulnerabilities)}</span>
      </td>
      <td className="wide-only soft">{row.unknowns === 0 ? 'whole' : `in part, ${plural(row.unknowns, 'unknown')}`}</td>
      <td className="number">{count(row.workloads.length)}</td>
    </tr>
  );
}
