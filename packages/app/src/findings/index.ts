export { scanFindings, scanUnknowns } from './scan-findings.ts';
