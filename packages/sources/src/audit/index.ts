export { parseAuditEvent } from './parse-audit-event.ts';
export { type AuditReading, detectAudit, type ReadAuditOptions, readAudit } from './read-audit.ts';
export { readAuditPolicies } from './read-audit-policy.ts';
export { unwrapAudit } from './unwrap-audit.ts';
