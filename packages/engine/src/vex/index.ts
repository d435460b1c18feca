export { applyVex, type VexOutcome } from './apply-vex.ts';
export { inVersRange } from './vers-range.ts';
