export { compileIngress } from './compile-policies.ts';
export { type Flow, type FlowEnd, type FlowFindings, type Gap, spellRanges } from './flow.ts';
export { type LeastPrivilege, type LeastPrivilegeFacts, leastPrivilege } from './least-privilege.ts';
export { type NeedFacts, neededFlows } from './needed-flows.ts';
export { createFlowCollector, type FlowCollector } from './observed-flows.ts';
export { type PairCounts, type ProvenFlow, proveFlows } from './prove-flows.ts';
