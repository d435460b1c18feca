import type { PathStep } from '@breakwater/model';
import { Arrow } from '../words/arrow.tsx';
import { probability } from '../words/numbers.ts';
import styles from './workload.module.css';

/** The main way as a list, where there is no room for a drawing. */
export function StepList({ path, onward }: { path: readonly PathStep[]; onward: readonly PathStep[] }) {
  const steps = [...path, ...onward];
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step.edge}>
          <p>
            {step.from} <Arrow /> <b>{step.to}</b>
          </p>
          <p className="soft">
            {step.phrase}, {probability(step.probability)}
          </p>
        </li>
      ))}
    </ol>
  );
}
