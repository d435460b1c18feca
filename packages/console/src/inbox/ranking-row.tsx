import type { RankedFix, WorkloadPage } from '@breakwater/model';
import { Link } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { keepScope, workloadAddress } from '../client/addresses.ts';
import { usePrefetch } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { PhaseTrio } from '../marks/severity-mark.tsx';
import { removed } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { withoutSubject } from '../words/sentence-parts.ts';
import styles from './inbox.module.css';
import { LossBar } from './loss-bar.tsx';

type Row = WorkloadPage['items'][number];

/** One workload of the ranking. The whole row opens it; the fix has its own link. */
export function RankingRow({ row, most, fix }: { row: Row; most: number; fix: RankedFix | undefined }) {
  const prefetch = usePrefetch();
  const scope = keepScope(useSearch());
  const warm = () => prefetch('/api/workloads/{id}', { segments: { id: row.id } });
  const subjects = [`${row.namespace}/${row.name}`, row.id, row.name];
  return (
    <li className={styles.row} data-row data-fix={fix?.n}>
      <span className={styles.rank}>{row.rank}</span>
      <div className={styles.why}>
        <h3>
          <Link
            href={`${workloadAddress(row.id)}${scope}`}
            className="stretched-link"
            data-row-link
            onFocus={warm}
            onPointerEnter={warm}
          >
            {row.namespace} / {row.name}
          </Link>
        </h3>
        <p>
          <Sentence text={withoutSubject(row.why, subjects)} />
        </p>
      </div>
      <div className={styles.loss}>
        <span className="heard">Loss </span>
        <LossBar loss={row.loss} range={row.lossRange} most={most} />
      </div>
      <div className={styles.phases}>
        <PhaseTrio phases={row.phases} />
      </div>
      <SmallestChange fix={fix} />
    </li>
  );
}

function SmallestChange({ fix }: { fix: RankedFix | undefined }) {
  const drawer = useDrawerAddress();
  if (fix === undefined) return <p className={`${styles.fix} soft`}>No change at hand cuts it</p>;
  return (
    <div className={styles.fix}>
      <p>{fix.title}</p>
      <p className="soft">
        removes <b className={styles.gain}>{removed(fix.lossRemoved)}</b> <span aria-hidden="true">·</span>{' '}
        <Link href={drawer('fix', String(fix.n))}>
          {fix.files.length > 0 ? 'open patch' : 'how'}
          <span className="heard">: {fix.title}</span>
        </Link>
        {fix.afterRebuild && ', after rebuild'}
      </p>
    </div>
  );
}
