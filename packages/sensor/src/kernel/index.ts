export { type AllowedPeers, type Decision, decisionOf, type Guard, type GuardStep } from './guard.ts';
export type { Permit } from './permit.ts';
export { FILE_FLAG, type KernelRecord, type RecordKind, readRecord } from './record.ts';
export { KernelWatch, type Loss, type WatchOptions } from './watching.ts';
