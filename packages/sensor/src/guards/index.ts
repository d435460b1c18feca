export type { Guard, GuardStep, Permit } from '../kernel/index.ts';
export { boundsOfStatus, type ContainerBounds, seccompOfBundle } from './bounds.ts';
export { guardOfIssue, type IssuedGuard } from './guard-of-issue.ts';
export { Guarding, type GuardingOptions, guardAt, workloadOf } from './guarding.ts';
export { type Holding, holdingsOf, type KernelMeans, type Mechanism } from './holdings.ts';
export { parsePeer } from './parse-peer.ts';
export { type ProfilePermits, permitsOfProfile } from './permits-of-profile.ts';
export { readBounds } from './read-bounds.ts';
