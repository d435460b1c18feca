import type { AssessmentView } from '../assessment/view.ts';

/** Milliseconds between looks for a newer assessment. */
const LOOKED_AFTER = 5_000;

/**
 * Gives what is to be asked before something is made of the newest assessment: it calls `read` where there is a newer one than
 * was read before, with its time, or an empty text where there is none any more. `now` gives milliseconds. Nothing is to be
 * waited for where it looked lately.
 */
export function whereNewerAssessment(
  view: Pick<AssessmentView, 'summary'>,
  now: () => number,
  read: (time: string) => Promise<void>,
): () => Promise<void> | undefined {
  let [time, lookedAt] = ['', Number.NEGATIVE_INFINITY];
  const look = async (): Promise<void> => {
    lookedAt = now();
    const newest = (await view.summary())?.time ?? '';
    if (newest === time) return;
    await read(newest);
    time = newest;
  };
  return () => (now() - lookedAt < LOOKED_AFTER ? undefined : look());
}
