import type { AdmissionRequest } from './admission-request.ts';
import type { AdmissionBasis } from './basis.ts';
import type { Questions } from './lookups.ts';
import type { AdmissionSettings } from './settings.ts';

/** Everything that one judging goes by. */
export interface Judging {
  request: AdmissionRequest;
  basis: AdmissionBasis;
  settings: AdmissionSettings;
  questions: Questions;
  /** ISO 8601. */
  now: string;
}
