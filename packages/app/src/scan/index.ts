export { openPolicySet } from '../estate/open-policy-set.ts';
export { locatePolicies } from './locate-policies.ts';
export { scanFindings } from './scan-findings.ts';
export { type Scan, type ScanOptions, scanTargets } from './scan-targets.ts';
