export { type CaseResult, testPolicy } from '../test-policy.ts';
