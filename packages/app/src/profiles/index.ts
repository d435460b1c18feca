export { attachToLayout, attachToRegistry, PROFILE_ARTIFACT } from './attach-profile.ts';
export {
  type AttachedProfile,
  type RegistryImage,
  readAttachedProfiles,
  readRegistryProfiles,
} from './attached-profiles.ts';
export {
  type CompiledProfile,
  type CompileProfilesOptions,
  compileProfiles,
  type IssuedProfile,
  issueProfiles,
} from './compile-profiles.ts';
export type { Deviation } from './deviation.ts';
export type { RunningImage } from './held-models.ts';
export { keepAttachedProfiles, readNamedProfiles, readProfilesOfName } from './keep-attached-profiles.ts';
export { keepReleaseFacts } from './keep-release-facts.ts';
export { type Learner, type LearnerOptions, openLearner } from './learner.ts';
export { type LocalLearning, type LocalLearningOptions, openLocalLearning } from './local-learning.ts';
export { type ReadProfile, type ReadProfiles, readProfiles } from './read-profiles.ts';
export { Recordings } from './recordings.ts';
export {
  PROFILE_PREDICATE,
  type SignedProfile,
  signProfile,
  type VerifiedProfile,
  verifyProfile,
} from './signed-profile.ts';
