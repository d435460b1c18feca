export { type Patch, type PatchSources, patchFor } from './patch-for.ts';
