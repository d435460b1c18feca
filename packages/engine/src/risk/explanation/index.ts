export { attackViews } from './attack-view.ts';
export { ago, evidenceWords, exploitationWords } from './evidence-words.ts';
export { MATTERS_FROM, type Matters, matterKey, mattersIn } from './matters.ts';
export { edgeOdds } from './odds.ts';
export { quietReasons } from './quiet-reason.ts';
export { Routes } from './routes.ts';
export { type KnownFlaw, whySentence } from './why.ts';
