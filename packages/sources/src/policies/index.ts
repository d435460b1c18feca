export { builtInPolicies } from './built-in-policies.ts';
export { detectPolicies } from './detect-policies.ts';
export { locateFaults } from './locate-fault.ts';
export { type PolicyFiles, readPolicies } from './read-policies.ts';
