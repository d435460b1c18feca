export {
  compileSeccomp,
  gainingPrograms,
  type SeccompCompilation,
  type SeccompGap,
  type SeccompOptions,
} from './compile-seccomp.ts';
export { seccompLets } from './seccomp-lets.ts';
export { type SeccompProfile, type SeccompRule, type SystemCallSample, seccompRefuses } from './seccomp-profile.ts';
