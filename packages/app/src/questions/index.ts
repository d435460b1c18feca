export { answerQuestions } from './answer-questions.ts';
export { type EstateViews, estateViews, VIEW_KIND } from './estate-views.ts';
export { type JudgedEstate, keepJudged } from './judged-estate.ts';
export { locateEvidence } from './locate-evidence.ts';
