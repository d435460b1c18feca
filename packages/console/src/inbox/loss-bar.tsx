import { points } from '../words/numbers.ts';
import styles from './inbox.module.css';

/** Spread, as a share of the loss, below which a range says nothing. */
const NARROW = 0.1;

/** A loss with its range, and a bar that shares one scale with the rows around it. */
export function LossBar({ loss, range, most }: { loss: number; range: readonly [number, number]; most: number }) {
  const [low, high] = range;
  const isWide = high - low > Math.max(loss, 1) * NARROW;
  const share = (value: number) => `${Math.min(100, (value / most) * 100)}%`;
  return (
    <>
      <p>
        <b className={styles.lossNumber}>{points(loss)}</b>
        {isWide && (
          <span className="soft">
            {' '}
            <span className={styles.range}>
              {points(low)} to {points(high)}
            </span>
          </span>
        )}
      </p>
      <svg className={styles.bar} aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 4">
        <rect className={styles.barTrack} width="100%" height="4" />
        {isWide && <rect className={styles.barRange} width={share(high)} height="4" />}
        <rect className={styles.barFill} width={share(loss)} height="4" />
      </svg>
    </>
  );
}
