export { IncidentBuilder, type IncidentChanges, type SubjectsAt } from './incident-builder.ts';
export { isCounting } from './judge-severity.ts';
export { addEntry } from './keep-sign.ts';
export { type IncidentSign, processKey } from './sign.ts';
export type { AlertScope, IncidentState, KeptEntry, KnownOfSign } from './state.ts';
export { tacticsOf } from './tactics.ts';
export { summariseIncident, tellIncident } from './tell-incident.ts';
