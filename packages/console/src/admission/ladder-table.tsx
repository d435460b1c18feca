import type { LadderPolicy } from '@breakwater/model';
import { useState } from 'react';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { count, plural } from '../words/numbers.ts';
import styles from './admission.module.css';

/** How far each policy goes at admission, and what of today it would hit: those that block first. */
export function LadderTable({ policies }: { policies: readonly LadderPolicy[] }) {
  const [all, setAll] = useState(false);
  const drawer = useDrawerAddress();
  const telling = policies.filter(
    ({ enforcement, failing, undecided, excepted }) => enforcement === 'block' || failing + undecided + excepted > 0,
  );
  const shown = all ? policies : telling;
  return (
    <section className="panel" aria-labelledby="ladder">
      <header>
        <h2 id="ladder">The ladder, by policy</h2>
        <span>{plural(policies.length, 'policy', 'policies')}</span>
      </header>
      <div className="scroll-x">
        <table className={`rows ${styles.table}`}>
          <ColumnHeads
            of={[
              'Policy',
              'At admission',
              { name: 'Severity', className: 'wide-only' },
              { name: 'Fail today', className: 'number' },
              { name: 'Undecided', className: 'number wide-only' },
              { name: 'Excepted', className: 'number wide-only' },
            ]}
          />
          <tbody>
            {shown.map(({ policy, title, enforcement, severity, failing, undecided, excepted }) => (
              <tr key={policy}>
                <td>
                  <Link href={drawer('policy', policy)}>{title}</Link>
                </td>
                <td>
                  <span className={styles.rung} data-how={enforcement}>
                    {enforcement}
                  </span>
                </td>
                <td className="wide-only">
                  <SeverityMark grade={severity} />
                </td>
                <td className="number" data-some={failing > 0}>
                  {count(failing)}
                </td>
                <td className="number wide-only">{count(undecided)}</td>
                <td className="number wide-only">{count(excepted)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!all && telling.length < policies.length && (
        <div className="inside">
          <button type="button" className="plain-button" onClick={() => setAll(true)}>
            Show the {count(policies.length - telling.length)} that nothing fails
          </button>
        </div>
      )}
    </section>
  );
}
