import type { IncidentStore } from './kept/index.ts';

/** What learning is told about behaviours of incidents. A subject without a container stands for all of its containers. */
export interface BehaviourFeedback {
  /** Never absorbed while the incident is open. */
  hold(subject: string, container: string | undefined, keys: string[], incident: string): Promise<void>;
  /** Whatever an incident held is learned like anything else. */
  letGo(incident: string): Promise<void>;
  /** Known until `expires` (ISO 8601), as somebody answers for it. */
  accept(
    subject: string,
    container: string | undefined,
    keys: string[],
    word: { owner: string; reason: string; expires: string },
  ): Promise<void>;
}

/** What changes of incidents need. */
export interface IncidentPorts {
  incidents: IncidentStore;
  /** Absent where nothing is learned. */
  behaviours?: BehaviourFeedback | undefined;
  /** Milliseconds. */
  now(): number;
}
