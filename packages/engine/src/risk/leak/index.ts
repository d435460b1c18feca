export type { Cut } from './cuts.ts';
export { type Leak, type LeakExtent, leakExtent, leakOf } from './leak.ts';
export { groupsOf, identitiesOf, type Leaked } from './leak-graph.ts';
export { CERTAIN } from './reached.ts';
