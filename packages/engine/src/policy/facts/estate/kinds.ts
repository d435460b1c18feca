import type { JsonObject } from '@breakwater/model';

/** Objects in lists by kind. A kind of which there is none has an empty list, if it is among `WELL_KNOWN`. */
export type Kinds = Record<string, readonly JsonObject[]>;

/** Kinds outside of namespaces, of those that policies ask for. */
const CLUSTER_SCOPED = new Set([
  'APIService',
  'CertificateSigningRequest',
  'CiliumClusterwideNetworkPolicy',
  'ClusterNetworkPolicy',
  'ClusterPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PodSecurityPolicy',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

const NAMESPACED = [
  'AuthorizationPolicy',
  'CiliumNetworkPolicy',
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Endpoints',
  'EndpointSlice',
  'ExternalSecret',
  'Gateway',
  'GRPCRoute',
  'HorizontalPodAutoscaler',
  'HTTPRoute',
  'Ingress',
  'Job',
  'LimitRange',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'Pod',
  'PodDisruptionBudget',
  'PodTemplate',
  'ReplicaSet',
  'ReplicationController',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'SealedSecret',
  'Secret',
  'SecretProviderClass',
  'SecretStore',
  'Service',
  'ServiceAccount',
  'StatefulSet',
  'TCPRoute',
  'TLSRoute',
  'UDPRoute',
  'VirtualService',
];

const NONE: readonly JsonObject[] = Object.freeze([]);

/** An empty list for every kind that policies ask for: that there is no Service is known, and no error. */
export class EmptyKinds {
  readonly [kind: string]: unknown;
}
/** Kinds that have an empty list where there is none of them. */
export const WELL_KNOWN: readonly string[] = [...CLUSTER_SCOPED, ...NAMESPACED];
for (const kind of WELL_KNOWN) {
  Object.defineProperty(EmptyKinds.prototype, kind, { value: NONE, writable: true });
}

/** Objects of kinds that policies ask for, each kind with its list; those that are not there with an empty one. */
export const kindsOf = (lists: Readonly<Kinds>): Kinds => addKinds(new EmptyKinds(), lists) as unknown as Kinds;

/** Makes kinds fields of an object. Those of Kubernetes have a capital; any other may be the name of something else. */
export function addKinds<T extends object>(object: T, lists: Readonly<Kinds>): T {
  for (const kind of Object.keys(lists)) {
    const first = kind.charCodeAt(0);
    if (first >= 65 && first <= 90) (object as Record<string, unknown>)[kind] = lists[kind];
  }
  return object;
}

export const isClusterScoped = (kind: string): boolean => CLUSTER_SCOPED.has(kind);

/** Namespace in which an object is: its own, else the one it is applied to, and none for kinds outside of namespaces. */
export function namespaceOf(kind: string, written: unknown, applied: string | undefined): string {
  if (isClusterScoped(kind)) return '';
  if (typeof written === 'string' && written !== '') return written;
  return applied === undefined || applied === '' ? 'default' : applied;
}
