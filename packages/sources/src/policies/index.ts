export { builtInPolicies, builtInPoliciesWithCases } from './built-in-policies.ts';
export { detectPolicies } from './detect-policies.ts';
export { detectForeignPolicies } from './foreign-kinds.ts';
export { locateFaults } from './locate-fault.ts';
export { type ForeignRead, readForeign } from './read-foreign.ts';
export { type PolicyFiles, readPolicies } from './read-policies.ts';
