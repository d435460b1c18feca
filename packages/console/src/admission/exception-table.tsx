import type { ExceptionOutlook } from '@breakwater/model';
import { Fragment } from 'react';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { EmptyState } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { inFull } from '../words/times.ts';
import styles from './admission.module.css';

const DAY = 86_400_000;
const SOON = 30;

/** Exceptions in force: whose, why, until when, and what each covers. The next to end comes first. */
export function ExceptionTable({ exceptions }: { exceptions: readonly ExceptionOutlook[] }) {
  const drawer = useDrawerAddress();
  const sorted = exceptions.toSorted((a, b) => a.expires.localeCompare(b.expires));
  return (
    <section className="panel" aria-labelledby="exceptions">
      <header>
        <h2 id="exceptions">Exceptions</h2>
        <span>{plural(exceptions.length, 'exception')}</span>
      </header>
      {exceptions.length === 0 ? (
        <EmptyState inside title="No exception is in force">
          An exception names an owner, a reason, an end and what keeps the risk small meanwhile. It counts in a build,
          at admission and at run time.
        </EmptyState>
      ) : (
        <div className="scroll-x">
          <table className={`rows ${styles.table}`}>
            <ColumnHeads
              of={[
                'Exception',
                { name: 'Owner', className: 'wide-only' },
                { name: 'Of', className: 'wide-only' },
                'Ends',
                { name: 'Covers', className: 'number' },
              ]}
            />
            <tbody>
              {sorted.map(({ name, policies, owner, reason, expires, compensating, covers }) => (
                <tr key={name}>
                  <td>
                    {name}
                    <p className="soft">
                      {reason} Meanwhile: {compensating} <span className={styles.narrowOnly}>Owner: {owner}</span>
                    </p>
                  </td>
                  <td className="wide-only">{owner}</td>
                  <td className="wide-only">
                    {policies.map((policy, index) => (
                      <Fragment key={policy}>
                        {index > 0 && ', '}
                        <Link href={drawer('policy', policy)}>{policy}</Link>
                      </Fragment>
                    ))}
                  </td>
                  <td className="tight" title={inFull(expires)}>
                    {endWords(expires, Date.now())}
                  </td>
                  <td className="number">{count(covers)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The last day counts. */
function endWords(expires: string, now: number): string {
  const days = Math.floor((Date.parse(expires) - now) / DAY) + 1;
  if (days < 0) return `ended ${expires}`;
  if (days === 0) return 'ends today';
  return days <= SOON ? `in ${plural(days, 'day')}` : expires;
}
