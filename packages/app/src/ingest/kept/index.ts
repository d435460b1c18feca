export { mergeObservations, mergeReporters, type Reporter, withReporters } from '@breakwater/engine/evidence';
export type {
  Batch,
  BehaviourCount,
  Committed,
  IngestDelta,
  IngestEvidence,
  IngestStore,
  SensorKey,
  SensorState,
} from './ingest-store.ts';
export { addSequence, closeBelow, holdsSequence, SequenceGaps, type SequenceRange } from './sequences.ts';
export type { ToldLoss, ToldMinute, ToldReplica, ToldUsage } from './told-minutes.ts';
