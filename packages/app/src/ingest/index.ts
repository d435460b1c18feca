export { EventFolder, type Folded } from './fold-events.ts';
export type { IngestStore, SensorKey, SensorState, SequenceRange } from './kept/index.ts';
export { BehaviourMemory } from './known-deeds.ts';
export { type Ingest, type IngestReceipt, openIngest, type SentEvents } from './open-ingest.ts';
export { raisesSuspicion, topicOf } from './raises-suspicion.ts';
export { issueSensorKey, type KeyRing, openKeyRing } from './sensor-keys.ts';
export { subjectOf, subjectOfPod } from './subject-of.ts';
