export { membersOf } from '../bits.ts';
export type { ConnectionSet, Connections, NamedPort } from './connections.ts';
export { Connectivity, type ReachRow } from './connectivity.ts';
export type { Endpoint } from './endpoints.ts';
export { decidersOf, type ExplainedPart, explain } from './explain.ts';
export type { ExternalRange } from './external-ranges.ts';
export type { GatePath } from './gate-paths.ts';
export { type Direction, nameOfPolicy, type Policy } from './policy.ts';
export { spellUnseen } from './unseen-peers.ts';
