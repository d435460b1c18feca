export { type Proposal, proposeChanges } from './changes/index.ts';
export { edgeOdds, MATTERS_FROM, matterKey, quietReasons } from './explanation/index.ts';
export * from './graph/index.ts';
export * from './rank.ts';
export { type Simulation, simulate } from './simulation/index.ts';
