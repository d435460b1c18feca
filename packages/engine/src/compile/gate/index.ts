export { type ProposedGate, proposeGate } from './propose-gate.ts';
