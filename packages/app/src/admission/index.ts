export { type AdmissionRequest, type ReviewFault, readReview } from './admission-request.ts';
export { admissionView } from './admission-view.ts';
export { type Admission, admit, answerUnjudged } from './admit.ts';
export { type AdmissionResponse, LONGEST_LINE } from './answer.ts';
export { type AdmissionBasis, openBasis } from './basis.ts';
export { type BasisSummary, summarizeBasis } from './basis-summary.ts';
export { REASON as BREAK_GLASS_REASON, UNTIL as BREAK_GLASS_UNTIL } from './break-glass.ts';
export { type DecisionLog, decisionLine, decisionLogPath, openDecisionLog, readDecisions } from './decision-log.ts';
export { keepFaults } from './faults-file.ts';
export { keepLastGood, type LastGood, readLastGood } from './last-good.ts';
export { type Answers, type Asked, askedKey, type Lookups, NO_LOOKUPS, noAnswers } from './lookups.ts';
export {
  type AdmissionSources,
  type OpenedAdmission,
  openAdmission,
  openAdmissionFrom,
  snapshotOf,
} from './open-admission.ts';
export { type AdmissionSettings, type BreakGlassSettings, DEFAULT_SETTINGS, SYSTEM_NAMESPACES } from './settings.ts';
export type { ImageVerdict, Snapshot } from './snapshot.ts';
export {
  admissionFolder,
  packSnapshot,
  type ReadSnapshot,
  readSnapshot,
  snapshotPath,
  unpackSnapshot,
  writeSnapshot,
} from './snapshot-file.ts';
export { warmUp } from './warm-up.ts';
export {
  type ClientConfig,
  NOISE_CONDITION,
  noiseCondition,
  WEBHOOK_NAME,
  type WebhookConfiguration,
  webhookConfiguration,
} from './webhook-configuration.ts';
export { type WebhookRule, webhookRules, widenedRules } from './webhook-rules.ts';
