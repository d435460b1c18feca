export { closeIncident, containIncident } from './change-incident.ts';
export { type ExpectedIncident, expectableOf, expectIncident } from './expect-incident.ts';
export type { IncidentStore, KeptException } from './kept/index.ts';
export type { BehaviourFeedback, IncidentPorts } from './ports.ts';
export { listIncidents, readIncident } from './read-incidents.ts';
