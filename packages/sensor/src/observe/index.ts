export { appletOf } from './applet.ts';
export { readNameAnswer } from './name-answers.ts';
export type { Program } from './programs.ts';
export { type ContainerFacts, type HostFacts, Translator } from './translate.ts';
