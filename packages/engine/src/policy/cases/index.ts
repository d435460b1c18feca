export { type CaseResult, testPolicy, type UntestedRule, untestedRules } from '../test-policy.ts';
