export type { LineReading } from './line-reading.ts';
export { LineShapes } from './line-shapes.ts';
export { madeOnce } from './shared-values.ts';
