import type { CompileTarget } from './compile-target.ts';
import { KUBEARMOR_POLICY } from './kubearmor-policy.ts';
import { NETWORK_POLICY } from './network-policy.ts';
import { SECCOMP } from './seccomp-target.ts';
import { SECURITY_CONTEXT } from './security-context.ts';
import { TRACING_POLICY } from './tracing-policy.ts';
import { VALIDATING_ADMISSION_POLICY } from './validating-admission-policy.ts';

/** Everything that policies and profiles can be compiled to; a new target is a file and a line here. */
export const COMPILE_TARGETS: readonly CompileTarget[] = [
  VALIDATING_ADMISSION_POLICY,
  NETWORK_POLICY,
  SECURITY_CONTEXT,
  SECCOMP,
  TRACING_POLICY,
  KUBEARMOR_POLICY,
];
