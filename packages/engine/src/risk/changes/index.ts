export { applyProposals } from './apply-change.ts';
export type { Cut, Proposal, Proposer } from './proposal.ts';
export { proposeChanges, proposers } from './propose-changes.ts';
