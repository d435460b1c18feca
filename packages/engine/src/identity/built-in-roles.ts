import type { JsonObject } from '@breakwater/model';
import { permissionRule } from './rules.ts';
import type { PermissionRule } from './types.ts';

const read = ['get', 'list', 'watch'];
const change = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const view = [
  permissionRule(
    [''],
    [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'serviceaccounts',
      'services',
      'services/status',
      'bindings',
      'events',
      'limitranges',
      'namespaces/status',
      'pods/log',
      'pods/status',
      'replicationcontrollers/status',
      'resourcequotas',
      'resourcequotas/status',
      'namespaces',
    ],
    read,
  ),
  permissionRule(['discovery.k8s.io'], ['endpointslices'], read),
  permissionRule(
    ['apps'],
    [
      'controllerrevisions',
      'daemonsets',
      'daemonsets/status',
      'deployments',
      'deployments/scale',
      'deployments/status',
      'replicasets',
      'replicasets/scale',
      'replicasets/status',
      'statefulsets',
      'statefulsets/scale',
      'statefulsets/status',
    ],
    read,
  ),
  permissionRule(['autoscaling'], ['horizontalpodautoscalers', 'horizontalpodautoscalers/status'], read),
  permissionRule(['batch'], ['cronjobs', 'cronjobs/status', 'jobs', 'jobs/status'], read),
  permissionRule(['policy'], ['poddisruptionbudgets', 'poddisruptionbudgets/status'], read),
  permissionRule(['networking.k8s.io'], ['ingresses', 'ingresses/status', 'networkpolicies'], read),
];

const edit = [
  permissionRule(
    [''],
    ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'],
    read,
  ),
  permissionRule([''], ['serviceaccounts'], ['impersonate']),
  permissionRule([''], ['pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'], change),
  permissionRule([''], ['pods/eviction', 'serviceaccounts/token'], ['create']),
  permissionRule(
    [''],
    [
      'configmaps',
      'events',
      'persistentvolumeclaims',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'secrets',
      'serviceaccounts',
      'services',
      'services/proxy',
    ],
    change,
  ),
  permissionRule(
    ['apps'],
    [
      'daemonsets',
      'deployments',
      'deployments/rollback',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
    change,
  ),
  permissionRule(['autoscaling'], ['horizontalpodautoscalers'], change),
  permissionRule(['batch'], ['cronjobs', 'jobs'], change),
  permissionRule(['policy'], ['poddisruptionbudgets'], change),
  permissionRule(['networking.k8s.io'], ['ingresses', 'networkpolicies'], change),
  permissionRule(['coordination.k8s.io'], ['leases'], [...change, ...read]),
];

const admin = [
  permissionRule(['authorization.k8s.io'], ['localsubjectaccessreviews'], ['create']),
  permissionRule(['rbac.authorization.k8s.io'], ['rolebindings', 'roles'], [...change, ...read]),
];

const delegator = [
  permissionRule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
  permissionRule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
];

const basicUser = [
  permissionRule(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
  permissionRule(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
];

const reading = (...urls: string[]): PermissionRule[] => [
  { apiGroups: [], resources: [], verbs: ['get'], resourceNames: [], nonResourceUrls: urls },
];

/**
 * Roles that every API server makes for itself, as Kubernetes' bootstrap policy defines them, by `ClusterRole NAME` or
 * `Role NAMESPACE/NAME`. What manifests define stands above; what they aggregate is added to `admin`, `edit` and `view`.
 */
export const builtInRoles: ReadonlyMap<string, PermissionRule[]> = new Map([
  [
    'ClusterRole cluster-admin',
    [
      permissionRule(['*'], ['*'], ['*']),
      { apiGroups: [], resources: [], verbs: ['*'], resourceNames: [], nonResourceUrls: ['*'] },
    ],
  ],
  ['ClusterRole admin', [...admin, ...edit, ...view]],
  ['ClusterRole edit', [...edit, ...view]],
  ['ClusterRole view', view],
  ['ClusterRole system:aggregate-to-admin', admin],
  ['ClusterRole system:aggregate-to-edit', edit],
  ['ClusterRole system:aggregate-to-view', view],
  ['ClusterRole system:auth-delegator', delegator],
  ['ClusterRole system:basic-user', basicUser],
  [
    'ClusterRole system:discovery',
    reading(
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/healthz',
      '/livez',
      '/openapi',
      '/openapi/*',
      '/readyz',
      '/version',
      '/version/',
    ),
  ],
  ['ClusterRole system:public-info-viewer', reading('/healthz', '/livez', '/readyz', '/version', '/version/')],
  [
    'ClusterRole system:monitoring',
    reading('/healthz', '/healthz/*', '/livez', '/livez/*', '/metrics', '/metrics/slis', '/readyz', '/readyz/*'),
  ],
  [
    'ClusterRole system:service-account-issuer-discovery',
    reading(
      '/.well-known/openid-configuration',
      '/.well-known/openid-configuration/',
      '/openid/v1/jwks',
      '/openid/v1/jwks/',
    ),
  ],
  ['ClusterRole system:kube-dns', [permissionRule([''], ['endpoints', 'services'], ['list', 'watch'])]],
  [
    'ClusterRole system:node-proxier',
    [
      permissionRule([''], ['endpoints', 'services'], ['list', 'watch']),
      permissionRule([''], ['nodes'], read),
      permissionRule(['', 'events.k8s.io'], ['events'], ['create', 'patch', 'update']),
      permissionRule(['networking.k8s.io'], ['servicecidrs'], ['list', 'watch']),
      permissionRule(['discovery.k8s.io'], ['endpointslices'], ['list', 'watch']),
    ],
  ],
  [
    'ClusterRole system:persistent-volume-provisioner',
    [
      permissionRule([''], ['persistentvolumes'], ['create', 'delete', 'get', 'list', 'watch']),
      permissionRule([''], ['persistentvolumeclaims'], ['get', 'list', 'update', 'watch']),
      permissionRule(['storage.k8s.io'], ['storageclasses'], read),
      permissionRule([''], ['events'], ['create', 'get', 'list', 'patch', 'update', 'watch']),
    ],
  ],
  [
    'Role kube-system/extension-apiserver-authentication-reader',
    [permissionRule([''], ['configmaps'], read, ['extension-apiserver-authentication'])],
  ],
]);

const offer = (level: string): string => `rbac.authorization.k8s.io/aggregate-to-${level}`;

/** The label by which a built-in role selects what it holds, by `ClusterRole NAME`. */
export const builtInSelections: ReadonlyMap<string, readonly string[]> = new Map([
  ['ClusterRole admin', [offer('admin')]],
  ['ClusterRole edit', [offer('edit')]],
  ['ClusterRole view', [offer('view')]],
]);

const offers: ReadonlyMap<string, string> = new Map([
  ['ClusterRole edit', offer('admin')],
  ['ClusterRole view', offer('edit')],
  ['ClusterRole system:aggregate-to-admin', offer('admin')],
  ['ClusterRole system:aggregate-to-edit', offer('edit')],
  ['ClusterRole system:aggregate-to-view', offer('view')],
]);

/** Labels of a built-in role: selectors of other roles may reach it by them. */
export function builtInLabels(name: string): ReadonlyMap<string, string> {
  const offered = offers.get(name);
  const labels: [string, string][] = [['kubernetes.io/bootstrapping', 'rbac-defaults']];
  if (offered !== undefined) labels.push([offered, 'true']);
  return new Map(labels);
}

const group = (name: string): JsonObject => ({ kind: 'Group', name });

/**
 * ClusterRoleBindings that every API server makes for itself, with their subjects; each has the name of its role. Not
 * here: those of the scheduler and of controllers, whose roles are not either.
 */
export const builtInBindings: readonly (readonly [name: string, subjects: readonly JsonObject[]])[] = [
  ['cluster-admin', [group('system:masters')]],
  ['system:basic-user', [group('system:authenticated')]],
  ['system:discovery', [group('system:authenticated')]],
  ['system:kube-dns', [{ kind: 'ServiceAccount', namespace: 'kube-system', name: 'kube-dns' }]],
  ['system:monitoring', [group('system:monitoring')]],
  ['system:node-proxier', [{ kind: 'User', name: 'system:kube-proxy' }]],
  ['system:public-info-viewer', [group('system:authenticated'), group('system:unauthenticated')]],
  ['system:service-account-issuer-discovery', [group('system:serviceaccounts')]],
];
