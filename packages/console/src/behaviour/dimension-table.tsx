import type { AlertBudget, DimensionState, LearnedProfile } from '@breakwater/model';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { count, plural, points } from '../words/numbers.ts';
import { asSentence } from '../words/sentence-parts.ts';
import styles from './behaviour.module.css';
import { DIMENSION_WORDS } from './behaviour-words.ts';

const WIDTH = 160;
/** How many budgets the bar shows; what is beyond is cut, and said in figures. */
const BUDGETS = 4;

/** How sure each dimension is: the false alerts that are to be expected of it, beside those that are borne. */
export function DimensionTable({ profile: { dimensions, budget } }: { profile: LearnedProfile }) {
  const settled = dimensions.filter(({ isSettled, isSeen }) => isSettled && isSeen).length;
  const seen = dimensions.filter(({ isSeen }) => isSeen).length;
  return (
    <section className="panel" aria-labelledby="sure">
      <header>
        <h2 id="sure">How sure it is</h2>
        <span>
          {settled} of {plural(seen, 'dimension')} settled; blocking arms itself on these alone
        </span>
      </header>
      <div className="scroll-x">
        <table className={`rows ${styles.table}`}>
          <ColumnHeads
            of={[
              'Dimension',
              'State',
              `False alerts ${periodWords(budget)}`,
              { name: 'Watched', className: 'number wide-only' },
              { name: 'Known', className: 'number wide-only' },
              { name: 'Seen once', className: 'number wide-only' },
            ]}
          />
          <tbody>
            {dimensions.map((state) => (
              <DimensionRow key={state.dimension} state={state} budget={budget} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={`inside soft ${styles.legend}`}>
        The bar shows what is to be expected, and pale what it is at most (95 %). The mark is what is borne:{' '}
        {plural(budget.alerts, 'false alert')} {periodWords(budget)}. What is new in a dimension that is not settled is
        noted, and blocks nothing.
      </p>
    </section>
  );
}

function DimensionRow({ state, budget }: { state: DimensionState; budget: AlertBudget }) {
  const { dimension, isSeen, isSettled, minutes, partialMinutes, behaviours, once, note } = state;
  return (
    <tr data-settled={isSettled}>
      <td className="tight">{DIMENSION_WORDS[dimension]}</td>
      <td>
        <span className={styles.state} data-state={isSeen ? (isSettled ? 'settled' : 'learning') : 'unseen'}>
          {isSeen ? (isSettled ? 'Settled' : 'Not settled') : 'Nobody sees it'}
        </span>
        {note !== '' && !isSettled && <p className="soft">{asSentence(note)}</p>}
      </td>
      <td>{isSeen && <ExpectedBar state={state} budget={budget} />}</td>
      <td className="number wide-only soft">
        {isSeen && hours(minutes)}
        {partialMinutes > 0 && (
          <span title="Events were lost: these minutes count for nothing"> +{hours(partialMinutes)} partial</span>
        )}
      </td>
      <td className="number wide-only">{isSeen && count(behaviours)}</td>
      <td className="number wide-only soft">{isSeen && count(once)}</td>
    </tr>
  );
}

function ExpectedBar({ state: { expected, atMost }, budget }: { state: DimensionState; budget: AlertBudget }) {
  const x = (value: number) => Math.min(1, value / (budget.alerts * BUDGETS)) * WIDTH;
  const words = `${points(expected)} expected, at most ${points(atMost)}`;
  return (
    <div className={styles.expected}>
      <svg viewBox={`0 0 ${WIDTH} 14`} preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.track} y="4" width={WIDTH} height="6" rx="1" />
        <rect className={styles.atMost} y="4" width={x(atMost)} height="6" rx="1" />
        <rect className={styles.likely} y="4" width={x(expected)} height="6" rx="1" />
        <line className={styles.budget} x1={x(budget.alerts)} x2={x(budget.alerts)} y1="0" y2="14" />
      </svg>
      <span>{words}</span>
    </div>
  );
}

/** `in 30 days`, `in 6 hours`. */
function periodWords({ hours }: AlertBudget): string {
  const days = hours / 24;
  return Number.isInteger(days) && days > 1 ? `in ${count(days)} days` : `in ${plural(hours, 'hour')}`;
}

/** Minutes of replicas as `143 h`. */
export const hours = (minutes: number): string => (minutes < 60 ? `${count(minutes)} min` : `${count(minutes / 60)} h`);
