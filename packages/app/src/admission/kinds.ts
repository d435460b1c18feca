/** How an API server serves a kind. */
export interface ServedKind {
  group: string;
  version: string;
  resources: readonly string[];
}

const served = (group: string, version: string, ...resources: string[]): ServedKind => ({ group, version, resources });

const RBAC = 'rbac.authorization.k8s.io';
const NETWORK = 'networking.k8s.io';
const REGISTRATION = 'admissionregistration.k8s.io';

/** Kinds of Kubernetes with the resources at which requests for them arrive. */
export const SERVED_KINDS: Readonly<Record<string, ServedKind>> = {
  Pod: served('', 'v1', 'pods', 'pods/ephemeralcontainers', 'pods/resize'),
  PodExecOptions: served('', 'v1', 'pods/exec'),
  PodAttachOptions: served('', 'v1', 'pods/attach'),
  PodPortForwardOptions: served('', 'v1', 'pods/portforward'),
  PodProxyOptions: served('', 'v1', 'pods/proxy'),
  ServiceProxyOptions: served('', 'v1', 'services/proxy'),
  NodeProxyOptions: served('', 'v1', 'nodes/proxy'),
  Binding: served('', 'v1', 'bindings', 'pods/binding'),
  ConfigMap: served('', 'v1', 'configmaps'),
  Endpoints: served('', 'v1', 'endpoints'),
  LimitRange: served('', 'v1', 'limitranges'),
  Namespace: served('', 'v1', 'namespaces'),
  Node: served('', 'v1', 'nodes'),
  PersistentVolume: served('', 'v1', 'persistentvolumes'),
  PersistentVolumeClaim: served('', 'v1', 'persistentvolumeclaims'),
  PodTemplate: served('', 'v1', 'podtemplates'),
  ReplicationController: served('', 'v1', 'replicationcontrollers'),
  ResourceQuota: served('', 'v1', 'resourcequotas'),
  Secret: served('', 'v1', 'secrets'),
  Service: served('', 'v1', 'services'),
  ServiceAccount: served('', 'v1', 'serviceaccounts'),
  TokenRequest: served('', 'v1', 'serviceaccounts/token'),
  DaemonSet: served('apps', 'v1', 'daemonsets'),
  Deployment: served('apps', 'v1', 'deployments'),
  ReplicaSet: served('apps', 'v1', 'replicasets'),
  StatefulSet: served('apps', 'v1', 'statefulsets'),
  Scale: served('*', '*', '*/scale'),
  CronJob: served('batch', 'v1', 'cronjobs'),
  Job: served('batch', 'v1', 'jobs'),
  HorizontalPodAutoscaler: served('autoscaling', 'v2', 'horizontalpodautoscalers'),
  PodDisruptionBudget: served('policy', 'v1', 'poddisruptionbudgets'),
  Eviction: served('', 'v1', 'pods/eviction'),
  Ingress: served(NETWORK, 'v1', 'ingresses'),
  IngressClass: served(NETWORK, 'v1', 'ingressclasses'),
  NetworkPolicy: served(NETWORK, 'v1', 'networkpolicies'),
  ClusterRole: served(RBAC, 'v1', 'clusterroles'),
  ClusterRoleBinding: served(RBAC, 'v1', 'clusterrolebindings'),
  Role: served(RBAC, 'v1', 'roles'),
  RoleBinding: served(RBAC, 'v1', 'rolebindings'),
  MutatingWebhookConfiguration: served(REGISTRATION, 'v1', 'mutatingwebhookconfigurations'),
  ValidatingAdmissionPolicy: served(REGISTRATION, 'v1', 'validatingadmissionpolicies'),
  ValidatingAdmissionPolicyBinding: served(REGISTRATION, 'v1', 'validatingadmissionpolicybindings'),
  ValidatingWebhookConfiguration: served(REGISTRATION, 'v1', 'validatingwebhookconfigurations'),
  CustomResourceDefinition: served('apiextensions.k8s.io', 'v1', 'customresourcedefinitions'),
  APIService: served('apiregistration.k8s.io', 'v1', 'apiservices'),
  CertificateSigningRequest: served('certificates.k8s.io', 'v1', 'certificatesigningrequests'),
  PriorityClass: served('scheduling.k8s.io', 'v1', 'priorityclasses'),
  RuntimeClass: served('node.k8s.io', 'v1', 'runtimeclasses'),
  StorageClass: served('storage.k8s.io', 'v1', 'storageclasses'),
  Gateway: served('gateway.networking.k8s.io', 'v1', 'gateways'),
  HTTPRoute: served('gateway.networking.k8s.io', 'v1', 'httproutes'),
};
