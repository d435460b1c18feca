export { type IsLogged, loggedBy } from './audit-policy.ts';
export { coverageOf, keyOfIdentity, type UseOfIdentity, usesOf } from './report.ts';
export { type RoleUse, roleUsesOf } from './role-use.ts';
export { UsageCollector } from './usage.ts';
