export { type IncidentSign, type IncidentState, summariseIncident } from '@breakwater/engine/incident';
export type { ChangedIncident, IncidentStore, KeptException, Told, TurnBasis, WaitingSign } from './incident-store.ts';
