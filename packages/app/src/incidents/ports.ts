import type { IncidentStore } from './kept/index.ts';

/** What changes of incidents need. */
export interface IncidentPorts {
  incidents: IncidentStore;
  /** Milliseconds. */
  now(): number;
}
