export { AuditdStream, looksLikeAuditd } from './auditd-stream.ts';
