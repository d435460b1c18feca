export { assessWithSnapshot } from './assess-with-snapshot.ts';
export { buildSnapshot, imageVerdict, type SnapshotInput } from './build-snapshot.ts';
