export { type IncidentSign, type IncidentState, summariseIncident } from '@breakwater/engine/incident';
export type { IncidentStore, KeptException, Told, TurnBasis, WaitingSign } from './incident-store.ts';
