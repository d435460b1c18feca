export { type AssessPathsOptions, assessPaths, gatherPaths } from './assess-paths.ts';
export { inputSignature } from './input-signature.ts';
export type { Judging } from './judging.ts';
export { openPolicySet } from './policy-set.ts';
export type { ReadProgress } from './read-estate.ts';
