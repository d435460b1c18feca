export { groupAlike } from './alike.ts';
export { applyProposals } from './apply-change.ts';
export type { Cut, Proposal } from './proposal.ts';
export { proposeChanges } from './propose-changes.ts';
