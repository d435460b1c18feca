export { type Patch, type PatchSources, patchFor } from './patch-for.ts';
export { type FileChange, unifiedDiff } from './unified-diff.ts';
