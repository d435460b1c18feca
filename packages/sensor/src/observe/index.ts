export { readNameAnswer } from './name-answers.ts';
export type { SeenProcess } from './process-table.ts';
export { type ContainerFacts, type HostFacts, Translator } from './translate.ts';
