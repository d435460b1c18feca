export { openPolicySet } from '../estate/open-policy-set.ts';
export { scanFindings } from './scan-findings.ts';
export { type Scan, type ScanOptions, scanTargets } from './scan-targets.ts';
