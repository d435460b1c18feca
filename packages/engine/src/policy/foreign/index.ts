export {
  type CompiledForeignPolicies,
  compileForeignPolicies,
  type ForeignOptions,
} from './compile-foreign-policies.ts';
