export { AddressBook } from './address-book.ts';
export { closeIncident, containIncident } from './change-incident.ts';
export { type ExpectedIncident, expectableOf, expectIncident } from './expect-incident.ts';
export { type EventJudge, openEventJudge } from './judge-events.ts';
export type { IncidentStore, KeptException } from './kept/index.ts';
export { type KnownOf, knownOfEstate } from './known-of-estate.ts';
export { type IncidentOptions, type OpenIncidents, openIncidents } from './open-incidents.ts';
export type { IncidentPorts } from './ports.ts';
export { listIncidents, readIncident } from './read-incidents.ts';
