import type { CompileTarget } from './compile-target.ts';
import { VALIDATING_ADMISSION_POLICY } from './validating-admission-policy.ts';

/** Everything that policies can be compiled to; a new target is a file and a line here. */
export const COMPILE_TARGETS: readonly CompileTarget[] = [VALIDATING_ADMISSION_POLICY];
