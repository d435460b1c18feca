export { detectVex } from './detect-vex.ts';
export { parseVex, type VexReading } from './parse-vex.ts';
export { readVex } from './read-vex.ts';
