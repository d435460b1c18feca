import type { AdmissionDecision } from '@breakwater/model';
import styles from './admission.module.css';

/** Words for what became of a request. */
export const OUTCOME_WORDS: Record<AdmissionDecision['outcome'], string> = {
  denied: 'refused',
  warned: 'warned',
  excepted: 'excepted',
  'break-glass': 'break-glass',
};

/** What became of a request, as a word in a frame: what was refused stands out, what was let through is dashed. */
export function OutcomeMark({ outcome }: { outcome: AdmissionDecision['outcome'] }) {
  return (
    <span className={styles.mark} data-outcome={outcome}>
      {OUTCOME_WORDS[outcome]}
    </span>
  );
}
