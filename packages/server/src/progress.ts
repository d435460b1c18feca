import type { Progress } from '@breakwater/model';

/** The newest progress, and a stream of what follows. */
export interface ProgressFeed {
  current(): Progress;
  report(progress: Omit<Progress, 'sequence'>): void;
  /** Calls `listener` for each report until the returned function is called. */
  listen(listener: (progress: Progress) => void): () => void;
}

/** A feed that begins idle. */
export function openProgressFeed(): ProgressFeed {
  let current: Progress = { sequence: 0, stage: 'idle', done: 0, total: 0, subject: '', message: '' };
  const listeners = new Set<(progress: Progress) => void>();
  return {
    current: () => current,
    report(progress) {
      current = { ...progress, sequence: current.sequence + 1 };
      for (const listener of listeners) listener(current);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
