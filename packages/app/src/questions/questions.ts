import { compliance } from './compliance.ts';
import { enforcementLayers } from './enforcement-layers.ts';
import { leakedCredentials } from './leaked-credentials.ts';
import { maliciousCode } from './malicious-code.ts';
import { policyPlaces } from './policy-places.ts';
import type { Question } from './question.ts';
import { refusal } from './refusal.ts';
import { waysToTheInternet } from './ways-to-the-internet.ts';
import { whatRuns } from './what-runs.ts';

/** The questions in the order of the sheet. To ask another one, write its file and add a line. */
export const QUESTIONS: readonly Question[] = [
  leakedCredentials,
  policyPlaces,
  enforcementLayers,
  maliciousCode,
  waysToTheInternet,
  compliance,
  refusal,
  whatRuns,
];
