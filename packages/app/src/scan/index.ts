export { openPolicySet } from '../estate/policy-set.ts';
export { listImages } from './list-images.ts';
export { locatePolicies } from './locate-policies.ts';
export { scanFindings, scanUnknowns } from './scan-findings.ts';
export { type Scan, type ScanOptions, scanTargets } from './scan-targets.ts';
