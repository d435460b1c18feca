export { type ReachListing, type ReachReason, type ReachRow, reachOf, readReach } from './read-reach.ts';
export { readTenants, type TenantGroup, type TenantListing, type TenantRow } from './read-tenants.ts';
