export { BehaviourModel, type BehaviourModelOptions } from './behaviour-model.ts';
export { differenceOf } from './difference-of.ts';
export { gravity } from './gravity.ts';
export type { Peers, Prior, PriorBehaviour } from './known-before.ts';
export { poissonUpper95 } from './poisson-bound.ts';
export { programClass } from './program-class.ts';
export type { Acceptance, ResourceSample, Taken, Watch } from './taken.ts';
