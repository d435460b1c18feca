import type { BehaviourStore } from './kept/index.ts';

/** What people, and incidents, say of behaviours. Whoever learns does it soon; an undefined container is each of the subject's. */
export interface BehaviourFeedback {
  /** Absorbs none of them while the incident is open. */
  hold(subject: string, container: string | undefined, keys: readonly string[], incident: string): Promise<void>;
  /** The incident is over, and was nothing. */
  letGo(incident: string): Promise<void>;
  /** Somebody answers for them until they expire, ISO 8601. */
  accept(
    subject: string,
    container: string | undefined,
    keys: readonly string[],
    word: { owner: string; reason: string; expires: string },
  ): Promise<void>;
}

/** Feedback by way of the store: from any process. */
export function behaviourFeedback(store: Pick<BehaviourStore, 'say'>): BehaviourFeedback {
  const of = (container: string | undefined) => (container === undefined ? {} : { container });
  return {
    hold: (subject, container, keys, incident) =>
      store.say({ kind: 'hold', subject, ...of(container), keys: [...keys], incident }),
    letGo: (incident) => store.say({ kind: 'letGo', incident }),
    accept: (subject, container, keys, word) =>
      store.say({ kind: 'accept', subject, ...of(container), keys: [...keys], ...word }),
  };
}
