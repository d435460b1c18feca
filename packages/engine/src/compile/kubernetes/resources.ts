import type { Operation, PolicyMatch } from '@breakwater/model';
import type { Gap } from '../compile-target.ts';

/** Where the API serves a kind. */
export interface Resource {
  group: string;
  version: string;
  /** The resource, and subresources through which the same kind is changed. */
  resources: readonly string[];
  /** Whether its objects belong to a namespace. */
  namespaced: boolean;
  operations: readonly Operation[];
}

const WRITES: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE'];

/** Kinds of a group and version, as `Kind resource`; cluster-wide ones after the bar. */
const GROUPS: readonly (readonly [group: string, version: string, kinds: string])[] = [
  [
    '',
    'v1',
    'Pod pods, PodTemplate podtemplates, ReplicationController replicationcontrollers, Service services, ConfigMap configmaps, ' +
      'Secret secrets, ServiceAccount serviceaccounts, Endpoints endpoints, Event events, LimitRange limitranges, ' +
      'ResourceQuota resourcequotas, PersistentVolumeClaim persistentvolumeclaims | Namespace namespaces, Node nodes, ' +
      'PersistentVolume persistentvolumes',
  ],
  [
    'apps',
    'v1',
    'Deployment deployments, StatefulSet statefulsets, DaemonSet daemonsets, ReplicaSet replicasets, ControllerRevision controllerrevisions',
  ],
  ['batch', 'v1', 'Job jobs, CronJob cronjobs'],
  ['autoscaling', 'v2', 'HorizontalPodAutoscaler horizontalpodautoscalers'],
  ['policy', 'v1', 'PodDisruptionBudget poddisruptionbudgets'],
  ['networking.k8s.io', 'v1', 'Ingress ingresses, NetworkPolicy networkpolicies | IngressClass ingressclasses'],
  ['discovery.k8s.io', 'v1', 'EndpointSlice endpointslices'],
  ['coordination.k8s.io', 'v1', 'Lease leases'],
  [
    'rbac.authorization.k8s.io',
    'v1',
    'Role roles, RoleBinding rolebindings | ClusterRole clusterroles, ClusterRoleBinding clusterrolebindings',
  ],
  ['storage.k8s.io', 'v1', '| StorageClass storageclasses, CSIDriver csidrivers, VolumeAttachment volumeattachments'],
  ['scheduling.k8s.io', 'v1', '| PriorityClass priorityclasses'],
  ['node.k8s.io', 'v1', '| RuntimeClass runtimeclasses'],
  ['certificates.k8s.io', 'v1', '| CertificateSigningRequest certificatesigningrequests'],
  ['apiextensions.k8s.io', 'v1', '| CustomResourceDefinition customresourcedefinitions'],
  ['apiregistration.k8s.io', 'v1', '| APIService apiservices'],
  [
    'admissionregistration.k8s.io',
    'v1',
    '| ValidatingWebhookConfiguration validatingwebhookconfigurations, MutatingWebhookConfiguration mutatingwebhookconfigurations',
  ],
  [
    'gateway.networking.k8s.io',
    'v1',
    'Gateway gateways, HTTPRoute httproutes, GRPCRoute grpcroutes | GatewayClass gatewayclasses',
  ],
  ['argoproj.io', 'v1alpha1', 'Rollout rollouts'],
];

/** A pod's ephemeral containers and its resources change only through these; what they carry is the whole pod. */
const POD_SUBRESOURCES = ['pods/ephemeralcontainers', 'pods/resize'];

const RESOURCES: ReadonlyMap<string, Resource> = new Map(
  GROUPS.flatMap(([group, version, kinds]) =>
    kinds.split('|').flatMap((list, index) =>
      list
        .split(',')
        .map((entry) => entry.trim().split(' ') as [kind: string, resource: string])
        .filter(([kind]) => kind !== '')
        .map(([kind, resource]): [string, Resource] => [
          kind,
          {
            group,
            version,
            resources: kind === 'Pod' ? [resource, ...POD_SUBRESOURCES] : [resource],
            namespaced: index === 0,
            operations: WRITES,
          },
        ]),
    ),
  ),
);

/** Options of requests that reach into pods and nodes: they are the object of a CONNECT. */
const CONNECTIONS: ReadonlyMap<string, Resource> = new Map(
  (
    [
      ['PodExecOptions', 'pods/exec', true],
      ['PodAttachOptions', 'pods/attach', true],
      ['PodPortForwardOptions', 'pods/portforward', true],
      ['PodProxyOptions', 'pods/proxy', true],
      ['ServiceProxyOptions', 'services/proxy', true],
      ['NodeProxyOptions', 'nodes/proxy', false],
    ] as const
  ).map(([kind, resource, namespaced]) => [
    kind,
    { group: '', version: 'v1', resources: [resource], namespaced, operations: ['CONNECT'] },
  ]),
);

/** Every resource there is, without subresources. */
const EVERYTHING: Resource = { group: '*', version: '*', resources: ['*'], namespaced: false, operations: WRITES };

/** The resources that a policy looks at; kinds that cannot be told to be one are gaps. */
export function resourcesOf(
  kinds: readonly string[] | undefined,
  { apiGroups, operations = ['CREATE', 'UPDATE'] }: Pick<PolicyMatch, 'apiGroups' | 'operations'>,
): { resources: Resource[]; gaps: Gap[] } {
  const gap = (message: string): Gap => ({ code: 'kind', message, pointer: ['spec', 'match', 'kinds'] });
  const gaps: Gap[] = [];
  const candidates =
    kinds === undefined
      ? (apiGroups ?? ['*']).map((group): Resource => ({ ...EVERYTHING, group }))
      : kinds.flatMap((kind) => {
          const resource = RESOURCES.get(kind) ?? CONNECTIONS.get(kind);
          if (resource === undefined) gaps.push(gap(`the resource of kind ${kind} is not known`));
          return resource ?? [];
        });
  const resources = candidates
    .filter(({ group }) => apiGroups === undefined || apiGroups.includes(group))
    .map((resource) => ({ ...resource, operations: resource.operations.filter((name) => operations.includes(name)) }))
    .filter((resource) => resource.operations.length > 0);
  if (resources.length === 0 && gaps.length === 0) gaps.push(gap('no request carries what it looks at'));
  return { resources, gaps };
}
