import type { TeamOutlook } from '@breakwater/model';
import { Fragment, useState } from 'react';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { EmptyState } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import styles from './admission.module.css';

/** Objects of a team that are shown. */
const SHOWN = 20;

const FROM: Record<TeamOutlook['from'], string> = {
  label: 'by its label',
  'namespace-label': 'by the label of its namespace',
  'code-owners': 'by CODEOWNERS',
  namespace: 'no team is named',
  nobody: 'no team is named',
};

/** What admission would do today, by team. A team opens what it is about. */
export function TeamTable({ teams }: { teams: readonly TeamOutlook[] }) {
  const refused = teams.reduce((sum, team) => sum + team.refused, 0);
  return (
    <section className="panel" aria-labelledby="teams">
      <header>
        <h2 id="teams">What would be refused today, by team</h2>
        <span>{refused === 0 ? 'nothing' : plural(refused, 'object')}</span>
      </header>
      {teams.length === 0 ? (
        <EmptyState inside title="Nothing fails a policy that judges deployments">
          Everything that is there could be admitted again without a word.
        </EmptyState>
      ) : (
        <div className="scroll-x">
          <table className={`rows ${styles.table}`}>
            <ColumnHeads
              of={[
                'Team',
                { name: 'Refused', className: 'number' },
                { name: 'Warned of', className: 'number' },
                { name: 'Audited', className: 'number wide-only' },
                { name: 'Objects', heardOnly: true },
              ]}
            />
            <tbody>
              {teams.map((team) => (
                <TeamRows key={team.name} team={team} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function TeamRows({ team: { name, from, refused, warned, audited, objects } }: { team: TeamOutlook }) {
  const [open, setOpen] = useState(false);
  const drawer = useDrawerAddress();
  return (
    <Fragment>
      <tr>
        <td>
          {name} <span className="soft wide-only">{FROM[from]}</span>
        </td>
        <td className="number" data-some={refused > 0}>
          {count(refused)}
        </td>
        <td className="number">{count(warned)}</td>
        <td className="number wide-only">{count(audited)}</td>
        <td className="number">
          <button type="button" className="plain-button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'}
            <span className="heard"> what is meant of {name}</span>
          </button>
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={5}>
            <ul className={styles.objects}>
              {objects.slice(0, SHOWN).map(({ id, enforcement, policy, message }) => (
                <li key={`${id} ${policy}`}>
                  <span className={styles.rung} data-how={enforcement}>
                    {enforcement}
                  </span>
                  <p className="told">
                    {id
                      .split('/')
                      .slice(-3)
                      .filter((part) => part !== '')
                      .join(' / ')}{' '}
                    <span className="soft">
                      <Link href={drawer('policy', policy)}>{policy}</Link> <Sentence text={message} />
                    </span>
                  </p>
                </li>
              ))}
              {objects.length > SHOWN && <li className="soft">and {count(objects.length - SHOWN)} more</li>}
            </ul>
          </td>
        </tr>
      )}
    </Fragment>
  );
}
