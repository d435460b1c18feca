export type { Worth } from './worth.ts';
export { worthOf } from './worth-of.ts';
