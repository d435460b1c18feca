/** Where each kind keeps its pod spec, as CEL over `object`. Kinds that are not here have no containers. */
export const POD_SPECS: Readonly<Record<string, string>> = {
  Pod: 'object.spec',
  PodTemplate: 'object.template.spec',
  Deployment: 'object.spec.template.spec',
  StatefulSet: 'object.spec.template.spec',
  DaemonSet: 'object.spec.template.spec',
  ReplicaSet: 'object.spec.template.spec',
  ReplicationController: 'object.spec.template.spec',
  Job: 'object.spec.template.spec',
  CronJob: 'object.spec.jobTemplate.spec.template.spec',
};

/** Kinds that have pods. */
export const POD_KINDS: readonly string[] = Object.keys(POD_SPECS);

/** Lists of a pod spec that hold containers, with the role that `c.role` gives. */
export const CONTAINER_LISTS = [
  ['containers', 'main'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
] as const;

const optional = (base: string, field: string, absent: string): string =>
  `has(${base}.${field}) ? ${base}.${field} : ${absent}`;

const context = (owner: string, field: string, absent: string): string =>
  `has(${owner}.securityContext) && has(${owner}.securityContext.${field}) ? ${owner}.securityContext.${field} : ${absent}`;

/** The container's own setting, else the pod's, as the kubelet merges them. */
const merged = (field: string, absent: string): string => context('c', field, `(${context('pod', field, absent)})`);

/** A profile that names no type is none: it does not fall back on the pod's. */
const profile = (field: string): string => {
  const of = (owner: string, absent: string): string => {
    const written = `${owner}.securityContext.${field}`;
    const isWritten = `has(${owner}.securityContext) && has(${written})`;
    return `${isWritten} ? (has(${written}.type) ? ${written}.type : '') : ${absent}`;
  };
  return of('c', `(${of('pod', "''")})`);
};

const capabilities = (list: 'add' | 'drop'): string =>
  `has(c.securityContext) && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.${list})` +
  ` ? c.securityContext.capabilities.${list} : []`;

const resources = (list: 'limits' | 'requests'): string =>
  `has(c.resources) && has(c.resources.${list}) ? c.resources.${list} : {}`;

/**
 * Fields of `c`, each as CEL over `c` (the container as written), `pod` (its pod spec) and `role`.
 * What Kubernetes defaults is defaulted; `null` and the empty string stand for "not set". `spec` is the container as
 * written, for what belongs to it alone.
 */
export const CONTAINER_FIELDS: Readonly<Record<string, string>> = {
  name: optional('c', 'name', "''"),
  role: 'role',
  image: optional('c', 'image', "''"),
  privileged: context('c', 'privileged', 'false'),
  allowPrivilegeEscalation: context('c', 'allowPrivilegeEscalation', 'true'),
  runAsNonRoot: merged('runAsNonRoot', 'false'),
  runAsUser: merged('runAsUser', 'null'),
  readOnlyRootFilesystem: context('c', 'readOnlyRootFilesystem', 'false'),
  capabilitiesAdded: capabilities('add'),
  capabilitiesDropped: capabilities('drop'),
  seccompProfile: profile('seccompProfile'),
  appArmorProfile: profile('appArmorProfile'),
  procMount: context('c', 'procMount', "'Default'"),
  hostPorts: 'has(c.ports) ? c.ports.filter(p, has(p.hostPort) && p.hostPort != 0).map(p, p.hostPort) : []',
  environment: optional('c', 'env', '[]'),
  mounts: optional('c', 'volumeMounts', '[]'),
  limits: resources('limits'),
  requests: resources('requests'),
  spec: 'c',
};

/**
 * Fields of `workload`, each as CEL over `object`, `pod` (its pod spec) and `template` (what holds the pod spec and its
 * metadata). `pod` is the pod spec as written.
 */
export const WORKLOAD_FIELDS: Readonly<Record<string, string>> = {
  kind: 'object.kind',
  name: "has(object.metadata) && has(object.metadata.name) ? object.metadata.name : ''",
  namespace: "has(object.metadata) && has(object.metadata.namespace) ? object.metadata.namespace : ''",
  labels: 'has(object.metadata) && has(object.metadata.labels) ? object.metadata.labels : {}',
  serviceAccount: optional('pod', 'serviceAccountName', "'default'"),
  automountToken: optional('pod', 'automountServiceAccountToken', 'true'),
  hostNetwork: optional('pod', 'hostNetwork', 'false'),
  hostPID: optional('pod', 'hostPID', 'false'),
  hostIPC: optional('pod', 'hostIPC', 'false'),
  volumes: optional('pod', 'volumes', '[]'),
  hostPaths: 'has(pod.volumes) ? pod.volumes.filter(v, has(v.hostPath)).map(v, v.hostPath.path) : []',
  sysctls: `${context('pod', 'sysctls', '[]')}`,
  hostUsers: optional('pod', 'hostUsers', 'true'),
  os: "has(pod.os) && has(pod.os.name) ? pod.os.name : ''",
  podLabels: 'has(template.metadata) && has(template.metadata.labels) ? template.metadata.labels : {}',
  podAnnotations: 'has(template.metadata) && has(template.metadata.annotations) ? template.metadata.annotations : {}',
  pod: 'pod',
};
