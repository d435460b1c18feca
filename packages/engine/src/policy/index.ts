export {
  type Authorization,
  type AuthorizationAnswer,
  type AuthorizationLookup,
  Authorizer,
  CelError,
  CelMap,
  CelUnknown,
  type CompiledExpression,
  type CostBudget,
  compileExpression,
  Double,
  Duration,
  ExpressionError,
  type ExpressionOptions,
  Failure,
  formatCelValue,
  Optional,
  type Range,
  type SizeBounds,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './cel/index.ts';
export { checkExceptions } from './check-exceptions.ts';
export type { CompiledRule } from './compile-rule.ts';
export type { CompiledPolicy } from './compiled-policy.ts';
export type { CompiledCondition } from './conditions.ts';
export { type Controller, isKubernetesController, KUBERNETES_CONTROLLERS } from './controllers.ts';
export { evaluatePolicies, findFaults } from './evaluate.ts';
export { FACT_NAMES, Facts, type PolicySubject } from './facts/facts.ts';
export { POD_KINDS } from './facts/kubernetes.ts';
export { isPlatformKind, withUnknownFields } from './facts/platforms.ts';
export { type VulnerabilityContext, type VulnerabilityFact, vulnerabilityFact } from './facts/vulnerability.ts';
export { type Element, podSpecPointer } from './facts/workload.ts';
export { parseFieldPath } from './field-path.ts';
export { type GateDecision, gate } from './gate.ts';
export { parseKubernetesVersion } from './kubernetes-version.ts';
export { type LoadedPolicies, loadPolicies } from './load-policies.ts';
export { type Outcome, undecided } from './outcome.ts';
export { type Enforcer, type PolicyPlace, placesOf } from './places.ts';
export type { PolicySelection } from './select-policies.ts';
export { applySettings } from './settings.ts';
export type { CompiledVariable } from './variables.ts';
