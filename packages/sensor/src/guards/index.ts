export type { Guard, GuardStep } from '../kernel/index.ts';
export { parsePeer } from './parse-peer.ts';
