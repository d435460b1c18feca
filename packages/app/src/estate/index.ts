export { type AssessPathsOptions, assessPaths, openPolicySet } from './assess-paths.ts';
export type { ReadProgress } from './read-estate.ts';
