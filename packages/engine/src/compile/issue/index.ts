export { allowedBehaviours, allowedProfile } from './allowed-profile.ts';
export { armingOf, type Dimension, type DimensionArming, hours, newestRelease, type Running } from './arming.ts';
export { issueGuards } from './issue-guards.ts';
export { armedProfile, type IssueOptions, issuePolicies } from './issue-policies.ts';
export type { Issued, IssuedGuards, IssuedPolicies, IssuedPolicy, WatchedDimension } from './issued-policies.ts';
export { type Reissue, type ReissuedPolicy, reissue } from './reissue.ts';
export { spellBehaviour } from './spell-behaviour.ts';
