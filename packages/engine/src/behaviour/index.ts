export { behaviourKey, behaviourText } from './behaviour-key.ts';
export { behavioursOf } from './behaviours-of.ts';
export { covers } from './covers.ts';
export { fileObject, programPath } from './file-object.ts';
export {
  type Acceptance,
  BehaviourModel,
  type BehaviourModelOptions,
  differenceOf,
  gravity,
  type Peers,
  type Prior,
  type PriorBehaviour,
  poissonUpper95,
  programClass,
  type ResourceSample,
  type Taken,
  type Watch,
} from './learning/index.ts';
export { peerObject, portObject } from './peer-object.ts';
export { plainProfile } from './plain-profile.ts';
export { declaredPrior, joinPriors, recordedPrior } from './prior.ts';
export { profileOf } from './profile-of.ts';
export { type ReleaseParts, releaseFacts } from './release-facts.ts';
export { sipHash } from './sip-hash.ts';
export { startedPrograms } from './started-programs.ts';
export { isStartOf, startedWith } from './started-with.ts';
