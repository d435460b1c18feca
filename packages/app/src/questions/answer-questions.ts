import { type AdmissionView, type QuestionAnswer, type QuestionSheet, SCHEMA_VERSION } from '@breakwater/model';
import { builtInPolicies } from '@breakwater/sources/policies';
import { listPlaces } from '../policies/list-places.ts';
import { guardsOf } from './guards.ts';
import type { JudgedEstate } from './judged-estate.ts';
import type { Question, QuestionBasis } from './question.ts';
import { QUESTIONS } from './questions.ts';

/** Pieces of evidence that an answer lists; those beyond are counted. */
const MOST_EVIDENCE = 200;

/** Answers every question from an estate that was judged, and from what admission decided lately. */
export function answerQuestions(
  judged: JudgedEstate,
  admission: AdmissionView,
  questions: readonly Question[] = QUESTIONS,
): QuestionSheet {
  const basis: QuestionBasis = {
    ...judged,
    admission,
    placed: listPlaces(judged.set),
    guards: guardsOf(judged.gathered.facts.objects),
    ours: new Set(builtInPolicies().policies.map(({ policy }) => policy.metadata.name)),
  };
  return {
    schemaVersion: SCHEMA_VERSION,
    time: judged.assessment.time,
    items: questions.map(({ id, question, answer }, index): QuestionAnswer => {
      const { evidence, ...rest } = answer(basis);
      return {
        n: index + 1,
        id,
        question,
        ...rest,
        evidence: evidence.slice(0, MOST_EVIDENCE),
        more: Math.max(0, evidence.length - MOST_EVIDENCE),
      };
    }),
  };
}
