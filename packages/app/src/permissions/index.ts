export { podPoliciesIn } from './pod-policies.ts';
