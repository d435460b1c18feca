export { type BehaviourFeedback, behaviourFeedback } from './behaviour-feedback.ts';
export { type CompiledProfile, type CompileProfilesOptions, compileProfiles } from './compile-profiles.ts';
export { type Deviation, type Learner, type LearnerOptions, openLearner } from './learner.ts';
export { type ReadProfile, type ReadProfiles, readProfiles } from './read-profiles.ts';
