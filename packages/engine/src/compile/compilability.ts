import type { CompiledPolicy } from '../policy/index.ts';
import type { CompileOptions, Gap } from './compile-target.ts';
import { VALIDATING_ADMISSION_POLICY } from './validating-admission-policy.ts';

/** Why the API server cannot enforce a policy by itself, so that the webhook has to; empty where it can. */
export const compilability = (policy: CompiledPolicy, options: CompileOptions): Gap[] =>
  VALIDATING_ADMISSION_POLICY.compile(policy, options).gaps;
