export type { AllowedPeers, Guard, GuardStep } from './guard.ts';
export { FILE_FLAG, type KernelRecord, type RecordKind, readRecord } from './record.ts';
export { KernelWatch, type WatchOptions } from './watching.ts';
