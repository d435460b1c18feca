export type * from './facts.ts';
export * from './settings.ts';
