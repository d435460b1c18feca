export { detectPolicies } from './detect-policies.ts';
export { locateFaults } from './locate-fault.ts';
export { builtInPolicies, type PolicyFiles, readPolicies } from './read-policies.ts';
