export { compilability } from './compilability.ts';
export type {
  Compilation,
  CompileOptions,
  CompileTarget,
  Confinement,
  ConfineOptions,
  Gap,
  Judgement,
  ProfileGap,
} from './compile-target.ts';
export { type Observed, type Replay, replay } from './replay.ts';
export { COMPILE_TARGETS } from './targets.ts';
export { VALIDATING_ADMISSION_POLICY } from './validating-admission-policy.ts';
