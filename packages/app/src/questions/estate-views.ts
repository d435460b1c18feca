import type { AdmissionOutlook, AdmissionView, EstateMap, QuestionSheet } from '@breakwater/model';
import { mapEstate } from '../map/map-estate.ts';
import { admissionOutlook } from '../outlook/admission-outlook.ts';
import { answerQuestions } from './answer-questions.ts';
import type { JudgedEstate } from './judged-estate.ts';

/** What pages show of an estate as a whole. Made once for each assessment and kept with it. */
export interface EstateViews {
  questions: QuestionSheet;
  map: EstateMap;
  outlook: AdmissionOutlook;
}

/** Kind under which views are kept, each under its name. */
export const VIEW_KIND = 'view';

/** Makes every view of an estate that was judged. */
export function estateViews(judged: JudgedEstate, admission: AdmissionView): EstateViews {
  return {
    questions: answerQuestions(judged, admission),
    map: mapEstate(judged),
    outlook: admissionOutlook(judged),
  };
}
