export type { Scan } from './judge-reading.ts';
export { listImages } from './list-images.ts';
export { locatePolicies } from './locate-policies.ts';
export type { ScanOptions } from './scan-options.ts';
export { scanTargets } from './scan-targets.ts';
