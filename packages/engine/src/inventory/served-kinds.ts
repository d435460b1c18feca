import { resourceOf } from './resource-names.ts';

/** How an API server serves a kind. */
export interface ServedKind {
  /** Empty for the core. */
  group: string;
  version: string;
  /** The resource, and subresources at which requests with the same kind arrive. */
  resources: readonly string[];
  /** Whether its objects belong to a namespace. */
  namespaced: boolean;
}

/** Kinds of a group and version; those outside of namespaces after the bar. */
const GROUPS: readonly (readonly [group: string, version: string, kinds: string])[] = [
  [
    '',
    'v1',
    'ConfigMap Endpoints Event LimitRange PersistentVolumeClaim PodTemplate ReplicationController ResourceQuota Secret ' +
      'Service ServiceAccount | Namespace Node PersistentVolume',
  ],
  ['apps', 'v1', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet'],
  ['batch', 'v1', 'CronJob Job'],
  ['autoscaling', 'v2', 'HorizontalPodAutoscaler'],
  ['policy', 'v1', 'PodDisruptionBudget'],
  ['networking.k8s.io', 'v1', 'Ingress NetworkPolicy | IngressClass'],
  ['discovery.k8s.io', 'v1', 'EndpointSlice'],
  ['coordination.k8s.io', 'v1', 'Lease'],
  ['rbac.authorization.k8s.io', 'v1', 'Role RoleBinding | ClusterRole ClusterRoleBinding'],
  ['storage.k8s.io', 'v1', '| CSIDriver StorageClass VolumeAttachment'],
  ['scheduling.k8s.io', 'v1', '| PriorityClass'],
  ['node.k8s.io', 'v1', '| RuntimeClass'],
  ['certificates.k8s.io', 'v1', '| CertificateSigningRequest'],
  ['apiextensions.k8s.io', 'v1', '| CustomResourceDefinition'],
  ['apiregistration.k8s.io', 'v1', '| APIService'],
  [
    'admissionregistration.k8s.io',
    'v1',
    '| MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  ],
  ['gateway.networking.k8s.io', 'v1', 'Gateway GRPCRoute HTTPRoute | GatewayClass'],
  ['argoproj.io', 'v1alpha1', 'Rollout'],
];

const core = (namespaced: boolean, ...resources: string[]): ServedKind => ({
  group: '',
  version: 'v1',
  resources,
  namespaced,
});

/** Kinds that arrive at subresources, alone or beside their own resource. */
const BELOW: Readonly<Record<string, ServedKind>> = {
  /* A pod's ephemeral containers and its resources change only through these; what they carry is the whole pod. */
  Pod: core(true, 'pods', 'pods/ephemeralcontainers', 'pods/resize'),
  Binding: core(true, 'bindings', 'pods/binding'),
  Eviction: core(true, 'pods/eviction'),
  NodeProxyOptions: core(false, 'nodes/proxy'),
  PodAttachOptions: core(true, 'pods/attach'),
  PodExecOptions: core(true, 'pods/exec'),
  PodPortForwardOptions: core(true, 'pods/portforward'),
  PodProxyOptions: core(true, 'pods/proxy'),
  Scale: { group: '*', version: '*', resources: ['*/scale'], namespaced: true },
  ServiceProxyOptions: core(true, 'services/proxy'),
  TokenRequest: core(true, 'serviceaccounts/token'),
};

const namesIn = (kinds: string | undefined): string[] => kinds?.trim().split(' ').filter(Boolean) ?? [];

const SERVED: ReadonlyMap<string, ServedKind> = new Map([
  ...Object.entries(BELOW),
  ...GROUPS.flatMap(([group, version, kinds]) => {
    const [within, beside] = kinds.split('|');
    const served = (kind: string, namespaced: boolean): [string, ServedKind] => [
      kind,
      { group, version, resources: [resourceOf(kind)], namespaced },
    ];
    return [
      ...namesIn(within).map((kind) => served(kind, true)),
      ...namesIn(beside).map((kind) => served(kind, false)),
    ];
  }),
]);

/** Where an API server serves a kind of Kubernetes, or of its extensions that many have; undefined for any other. */
export const servedKind = (kind: string): ServedKind | undefined => SERVED.get(kind);
