export { buildAttackGraph } from './attack-graph.ts';
export { type Exploit, exploitOf } from './exploits.ts';
export type * from './facts.ts';
export { isOutage, nodeId, workloadNode } from './names.ts';
export * from './settings.ts';
export { waysToNode } from './ways-to-node.ts';
