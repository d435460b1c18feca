export { readNameAnswer } from './name-answers.ts';
export type { SeenProcess } from './process-table.ts';
export { type ContainerFacts, Translator } from './translate.ts';
