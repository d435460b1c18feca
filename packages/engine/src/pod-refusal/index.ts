export { type PodMaking, type PodPolicies, podPoliciesOf } from './pod-policies.ts';
