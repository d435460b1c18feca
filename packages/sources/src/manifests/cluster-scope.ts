const CLUSTER_KINDS = new Set([
  'APIService',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ComponentStatus',
  'ConstraintTemplate',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'GatewayClass',
  'IPAddress',
  'IngressClass',
  'InitializerConfiguration',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PodSecurityPolicy',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'Project',
  'ResourceSlice',
  'RuntimeClass',
  'SecurityContextConstraints',
  'ServiceCIDR',
  'StorageClass',
  'StorageVersion',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeAttributesClass',
  'VolumeSnapshotClass',
  'VolumeSnapshotContent',
]);

/**
 * Whether objects of a kind belong to the cluster and not to a namespace. Files alone cannot tell it of a custom resource:
 * those whose name begins with `Cluster` and that state no namespace are taken for cluster-scoped, as their authors name them.
 * Gatekeeper's constraints have kinds of their users' own.
 */
export function isClusterScoped(kind: string, statedNamespace: string | undefined, apiVersion = ''): boolean {
  if (apiVersion.startsWith('constraints.gatekeeper.sh/')) return true;
  if (CLUSTER_KINDS.has(kind) || kind === 'ClusterRole' || kind === 'ClusterRoleBinding') return true;
  return statedNamespace === undefined && /^Cluster[A-Z]/.test(kind);
}
