import type { Incident } from '@breakwater/model';
import { STATUS_WORDS } from './incident-words.ts';
import styles from './incidents.module.css';

/** How an incident stands: an open one stands out, by shape and not by colour. */
export function StatusMark({ status }: { status: Incident['status'] }) {
  return (
    <span className={styles.status} data-status={status}>
      {STATUS_WORDS[status]}
    </span>
  );
}
