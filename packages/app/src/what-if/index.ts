export { type LeakStory, tellLeak } from './leak.ts';
export { spell } from './near-names.ts';
