import type { Summary } from '@breakwater/model';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { count, points } from '../words/numbers.ts';
import styles from './inbox.module.css';
import { TrendLine } from './trend-line.tsx';

/** Four figures that say how the estate stands. */
export function Figures({ summary }: { summary: Summary }) {
  const drawer = useDrawerAddress();
  const { loss, value, trend, exposedWorkloads, workloads, unknowns, running, vulnerabilities } = summary;
  return (
    <dl className={styles.figures}>
      <Figure title="Expected loss" number={points(loss)} words={`of ${points(value)} points`}>
        {trend.length > 1 && <TrendLine trend={trend} />}
      </Figure>
      <Figure
        title="Reachable from the Internet"
        number={count(exposedWorkloads)}
        words={`of ${count(workloads)} workloads`}
      />
      {running === undefined ? (
        <Figure
          title="Vulnerabilities that matter"
          number={count(vulnerabilities.matter)}
          words={`of ${count(vulnerabilities.total)} known`}
        />
      ) : (
        <Figure
          title="Alerts at run time"
          number={count(running.alerts)}
          words={`from the ${count(running.observed)} of ${count(workloads)} workloads watched`}
        />
      )}
      <Figure
        title="Could not be decided"
        number={count(unknowns)}
        words={unknowns === 0 ? 'all facts were there' : unknowns === 1 ? 'fact is missing' : 'facts are missing'}
        isFog
      >
        {unknowns > 0 && <Link href={drawer('show', 'unknown')}>See which</Link>}
      </Figure>
    </dl>
  );
}

function Figure(props: { title: string; number: string; words: string; isFog?: boolean; children?: ReactNode }) {
  return (
    <div className={styles.figure}>
      <dt>{props.title}</dt>
      <dd>
        <span className={styles.big} data-fog={props.isFog}>
          {props.number}
        </span>{' '}
        {props.words}
      </dd>
      {props.children !== undefined && props.children !== false && <dd className={styles.under}>{props.children}</dd>}
    </div>
  );
}
