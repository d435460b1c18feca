import type { QuietReason } from '@breakwater/model';
import { count } from '../words/numbers.ts';
import styles from './inbox.module.css';

/** Reasons for quiet vulnerabilities, the most frequent first, with a bar for the share. */
export function QuietList({ quiet }: { quiet: readonly QuietReason[] }) {
  const sorted = [...quiet].sort((a, b) => b.count - a.count);
  const most = sorted[0]?.count ?? 1;
  return (
    <ul className={styles.reasons}>
      {sorted.map((entry) => (
        <li key={entry.reason}>
          <b>{count(entry.count)}</b>
          <span>{entry.reason}</span>
          <meter className={styles.share} min={0} max={most} value={entry.count} aria-label={entry.reason} />
        </li>
      ))}
    </ul>
  );
}
