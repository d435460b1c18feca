import styles from './frame.module.css';

/** Name and mark: waves that end at a breakwater. */
export function Logo() {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className={styles.mark}>
        <path d="M3 7c3 0 3 2.4 6 2.4S12 7 15 7s3 2.4 6 2.4M2.5 14h19M6 14v4M12 14v4M18 14v4" />
      </svg>
      Breakwater
    </span>
  );
}
