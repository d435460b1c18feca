export { allowedBehaviours, allowedProfile } from './allowed-profile.ts';
export { armingOf, type Dimension, type DimensionArming, hours, newestRelease, type Running } from './arming.ts';
export { issueGuards } from './issue-guards.ts';
export { armedProfile, type IssueOptions, issuePolicies } from './issue-policies.ts';
export {
  type Issued,
  type IssuedGuards,
  type IssuedPolicies,
  type IssuedPolicy,
  type IssuedRecord,
  recordOf,
  type WatchedDimension,
} from './issued-policies.ts';
export { type Reissue, type ReissuedPolicy, reissue } from './reissue.ts';
export { spellBehaviour } from './spell-behaviour.ts';
