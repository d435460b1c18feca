export type { Observation } from '@breakwater/model';
export { alertsOf, type RuntimeAlert } from './alerts-of.ts';
export {
  createEvidenceCollector,
  type EvidenceCollector,
} from './collect-evidence.ts';
export { type Absence, absenceIn, absenceInAll, type ContainerUse, usesOf, weakest } from './container-use.ts';
export { evidenceOf, observationGap, observationOf, productionOf } from './evidence-of.ts';
export { mergeObservations } from './observation.ts';
export { canonicalPath, createOwnership, type Ownership } from './ownership.ts';
export { mergeReporters, type Reporter, withReporters } from './reporters.ts';
export { tieEvents, type WorkloadTie } from './tie-events.ts';
