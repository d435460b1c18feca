export { type AssessPathsOptions, assessPaths } from './assess-paths.ts';
export type { ReadProgress } from './read-estate.ts';
