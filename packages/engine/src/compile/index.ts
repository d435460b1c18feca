export { compilability } from './compilability.ts';
export type { Compilation, CompileOptions, CompileTarget, Gap } from './compile-target.ts';
export { COMPILE_TARGETS } from './targets.ts';
