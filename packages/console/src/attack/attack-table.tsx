import type { AttackView } from '@breakwater/model';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { plural, probability } from '../words/numbers.ts';
import styles from './attack.module.css';
import { edgeProbability } from './edge-probability.ts';

/** Every step in words: for those who do not see the drawing, and for all that did not fit in it. */
export function AttackTable({ view }: { view: AttackView }) {
  const labels = new Map(view.nodes.map(({ id, label }) => [id, label]));
  return (
    <details className={styles.table}>
      <summary>
        The same as a table<span className="soft">, {plural(view.edges.length, 'step')}</span>
      </summary>
      <div className="scroll-x">
        <table className="rows">
          <ColumnHeads of={['From', 'To', 'How', { name: 'Chance', className: 'number' }, 'Why so']} />
          <tbody>
            {view.edges.map((edge) => (
              <tr key={edge.id}>
                <td>{labels.get(edge.from) ?? edge.from}</td>
                <td>{labels.get(edge.to) ?? edge.to}</td>
                <td>{edge.phrase}</td>
                <td className="number">{probability(edgeProbability(edge))}</td>
                <td className="soft">{edge.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
