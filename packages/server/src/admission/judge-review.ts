import {
  type Admission,
  type AdmissionBasis,
  type AdmissionRequest,
  type AdmissionSettings,
  type Asked,
  admit,
  type Lookups,
  NO_LOOKUPS,
  type ReviewFault,
  readReview,
} from '@breakwater/app/admission';

/** What became of a review. */
export interface JudgedReview {
  admission: Admission;
  operation: string;
}

/** Who asks, as the API server wants to be told. */
export type Asker = AdmissionRequest['userInfo'];

/** Asks the API server what judging asked for. What cannot be had is left out; never rejects. */
export type LookUp = (asked: readonly Asked[], asker: Asker) => Promise<Lookups>;

/** Rounds of questions: each answer can lead to another question. */
const MOST_ROUNDS = 3;

/**
 * Judges a review here and now. Where something was asked for that the API server may know, gives a promise of a better
 * judgement instead; where nothing was, no turn of the loop is lost.
 */
export function judgeReview(
  body: string,
  basis: AdmissionBasis,
  settings: AdmissionSettings,
  now: () => string,
  lookUp: LookUp | undefined,
): JudgedReview | ReviewFault | Promise<JudgedReview> {
  const request = readReview(body);
  if ('fault' in request) return request;
  const judge = (lookups: Lookups) => admit(request, basis, settings, now(), lookups);
  const admission = judge(NO_LOOKUPS);
  const { operation, userInfo } = request;
  if (admission.asked.length === 0 || lookUp === undefined) return { admission, operation };
  return judgeKnowing(judge, admission, lookUp, userInfo).then((better) => ({ admission: better, operation }));
}

/** Judges again with what was asked for, until nothing more is. */
export async function judgeKnowing(
  judge: (lookups: Lookups) => Admission | Promise<Admission>,
  first: Admission,
  lookUp: LookUp,
  asker: Asker,
): Promise<Admission> {
  let admission = first;
  let known: Lookups = NO_LOOKUPS;
  for (let round = 0; round < MOST_ROUNDS && admission.asked.length > 0; round++) {
    const found = await lookUp(admission.asked, asker);
    if (found.permissions.size === 0 && found.objects.size === 0) break;
    known = {
      permissions: new Map([...known.permissions, ...found.permissions]),
      objects: new Map([...known.objects, ...found.objects]),
    };
    admission = await judge(known);
  }
  return admission;
}
