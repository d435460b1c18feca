export { compareReach, type ReachChange, type ReachDifference } from './compare-reach.ts';
export type { Unprotected } from './list-exposure.ts';
export type { Note } from './policies-about-nobody.ts';
export type { ExposureRow, NamespaceRow, ReachReason, ReachRow } from './reach-rows.ts';
export { type ReachListing, readReach } from './read-reach.ts';
export { readTenants, type TenantGroup, type TenantListing, type TenantRow } from './read-tenants.ts';
