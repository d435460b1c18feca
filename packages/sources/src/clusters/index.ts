export { readAuditLog } from './audit-log.ts';
export { type ChosenKind, chooseKinds, type KindSelection } from './choose-kinds.ts';
export { type ClusterClient, openClient } from './cluster-client.ts';
export { ClusterError } from './cluster-error.ts';
export { clusterSource, contextOf } from './cluster-target.ts';
export type { ObjectChange } from './informer.ts';
export {
  type ClusterContext,
  findContext,
  IN_CLUSTER,
  type KubeconfigOptions,
  readContexts,
} from './kubeconfig.ts';
export { type OpenCluster, type OpenClusterOptions, openCluster } from './open-cluster.ts';
export { type ClusterRead, type ReadClusterOptions, readCluster } from './read-cluster.ts';
export { discoverKinds, nameOf, type ResourceKind } from './resource-kinds.ts';
export type { LiveObject } from './take-object.ts';
export { type OpenReadiness, type PodReadiness, type ReadinessOptions, watchReadiness } from './watch-readiness.ts';
