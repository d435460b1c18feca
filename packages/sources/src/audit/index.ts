export { type AuditReading, detectAudit, type ReadAuditOptions, readAudit } from './read-audit.ts';
export { readAuditPolicies } from './read-audit-policy.ts';
