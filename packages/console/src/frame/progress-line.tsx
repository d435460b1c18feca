import type { Progress } from '@breakwater/model';
import { isWorking } from '../client/live-progress.ts';
import { count } from '../words/numbers.ts';
import styles from './frame.module.css';

const STAGE_WORDS: Record<Progress['stage'], string> = {
  idle: '',
  reading: 'Reading',
  scanning: 'Scanning images',
  matching: 'Matching advisories',
  ranking: 'Ranking',
  storing: 'Storing',
  done: '',
  failed: 'Could not finish',
};

/** What the server works on, as a slim bar and a line in words. Nothing when it rests. */
export function ProgressLine({ progress, lost }: { progress: Progress | undefined; lost: boolean }) {
  const working = isWorking(progress);
  const failed = progress?.stage === 'failed';
  if (progress === undefined || !(working || failed)) {
    return (
      <div role="status">
        {lost && <p className={styles.work}>The server does not answer. Trying to reach it again.</p>}
      </div>
    );
  }
  const counted = progress.total > 0 ? `${count(progress.done)} of ${count(progress.total)}` : '';
  return (
    <div>
      {working && (
        <progress
          className={styles.slim}
          aria-label={STAGE_WORDS[progress.stage]}
          max={progress.total || undefined}
          value={progress.total > 0 ? progress.done : undefined}
        />
      )}
      <p className={styles.work}>
        <b role="status">{STAGE_WORDS[progress.stage]}</b> {counted}
        <span className={styles.subject}>{progress.message || progress.subject}</span>
      </p>
    </div>
  );
}
