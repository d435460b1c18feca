export { CelUnknown, type CompiledExpression, compileExpression, ExpressionError } from './cel/index.ts';
export { type CompiledPolicy, type CompiledRule, type LoadedPolicies, loadPolicies } from './compiled-policy.ts';
export { evaluatePolicies } from './evaluate.ts';
export { FACT_NAMES, type PolicySubject } from './facts/facts.ts';
export { type VulnerabilityContext, type VulnerabilityFact, vulnerabilityFact } from './facts/vulnerability.ts';
export { type GateDecision, gate } from './gate.ts';
export { type CaseResult, testPolicy } from './test-policy.ts';
