export { type MatchResult, matchComponents, type UnmatchedComponent } from './match-components.ts';
export { compareVersions, versionOrderOf, versionOrders } from './versions/index.ts';
export type { VersionOrder } from './versions/version-order.ts';
