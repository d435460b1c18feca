export * from './admission-policies.ts';
export * from './documents.ts';
export * from './kyverno-policies.ts';
export * from './kyverno-validating-policies.ts';
export * from './neuvector-rules.ts';
export type {
  ForeignMatchResources,
  ForeignMetadata,
  ForeignParamRef,
  ForeignResourceRule,
  ForeignSelector,
  ForeignValidation,
} from './parts.ts';
