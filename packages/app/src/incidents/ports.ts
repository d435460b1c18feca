import type { BehaviourFeedback } from '../profiles/behaviour-feedback.ts';
import type { IncidentStore } from './kept/index.ts';

/** What changes of incidents need. */
export interface IncidentPorts {
  incidents: IncidentStore;
  /** What learning is told about behaviours of incidents; absent where nothing is learned. */
  behaviours?: BehaviourFeedback | undefined;
  /** Milliseconds. */
  now(): number;
}
