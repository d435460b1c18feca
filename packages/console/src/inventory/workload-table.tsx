import { Link } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope, workloadAddress } from '../client/addresses.ts';
import { useList } from '../client/queries.ts';
import { useQueryValue, useScope } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { PhaseTrio } from '../marks/severity-mark.tsx';
import { count, points } from '../words/numbers.ts';
import styles from './inventory.module.css';
import { ListFrame } from './list-frame.tsx';

/** Workloads as rows, riskiest first. */
export function WorkloadTable() {
  const scope = useScope();
  const search = useQueryValue('search');
  const query = keepScope(useSearch());
  const list = useList('/api/workloads', { ...scope, search });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = search !== '' || scope.cluster !== undefined || scope.namespace !== undefined;
  return (
    <ListFrame
      what="workloads"
      list={list}
      shown={rows.length}
      total={list.data?.pages[0]?.total ?? 0}
      isNarrowed={isNarrowed}
    >
      <table className={`rows ${styles.table}`}>
        <ColumnHeads
          of={[
            { name: 'Rank', className: 'number' },
            'Workload',
            { name: 'Kind', className: 'wide-only' },
            { name: 'Cluster', className: 'wide-only' },
            { name: 'Images', className: 'wide-only' },
            { name: 'Matter', className: 'number' },
            { name: 'Phases', className: 'wide-only' },
            { name: 'Loss', className: 'number' },
          ]}
        />
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="number soft">{count(row.rank)}</td>
              <td className={styles.reference} title={row.id}>
                <Link href={`${workloadAddress(row.id)}${query}`}>
                  {row.namespace} / {row.name}
                </Link>
              </td>
              <td className="wide-only soft tight">{row.kind}</td>
              <td className="wide-only soft tight">{row.cluster}</td>
              <td
                className={`wide-only soft ${styles.reference}`}
                title={row.images.map((i) => i.reference).join('\n')}
              >
                {row.images.map(({ reference }) => reference).join(', ')}
              </td>
              <td className="number" title={`${row.vulnerabilities.total} known vulnerabilities`}>
                {count(row.vulnerabilities.matter)} <span className="soft">of {count(row.vulnerabilities.total)}</span>
              </td>
              <td className="wide-only">
                <PhaseTrio phases={row.phases} />
              </td>
              <td className="number">
                <b>{points(row.loss)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ListFrame>
  );
}
