export { type DraftOptions, draftPolicy } from './draft-policy.ts';
export { type DryRun, type DryRunOptions, dryRun, type TeamPolicy, type TeamReport } from './dry-run.ts';
export { listPlaces, type PlacedPolicy } from './list-places.ts';
export { type Judgement, withJudgement } from './open-judgement.ts';
export {
  type ExceptionPreview,
  type ExceptionReview,
  type ExceptionState,
  previewExceptions,
  type ReviewedException,
  reviewExceptions,
} from './review-exceptions.ts';
export { TEAM_LABELS, type Team } from './team-of.ts';
