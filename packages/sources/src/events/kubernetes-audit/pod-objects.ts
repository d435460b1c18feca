import { cleanName, fieldsOf, type JsonFields, listOf } from '../json-fields.ts';

const WORKLOADS: ReadonlySet<string> = new Set([
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
]);
/** Folders and sockets with which a pod is as good as the node. */
const NODE_PATHS =
  /^\/(?:$|proc(?:\/|$)|etc(?:\/kubernetes.*)?$|root(?:\/|$)|home(?:\/|$)|run$|var$|var\/(?:run|lib)$|var\/lib\/(?:kubelet|docker|containerd|containers)(?:\/|$)|(?:var\/)?run\/(?:docker|crio|containerd|podman)(?:\/|\.sock|$)|dev$|sys(?:\/fs\/cgroup)?$|boot(?:\/|$))/;
const NODE_CAPABILITIES: ReadonlySet<string> = new Set([
  'ALL',
  'SYS_ADMIN',
  'SYS_PTRACE',
  'SYS_MODULE',
  'DAC_READ_SEARCH',
  'BPF',
  'SYS_RAWIO',
]);
const MOST_CONTAINERS = 256;

/** The pod's spec in an object that makes pods; undefined where it makes none. */
export function podIn(resource: string, body: JsonFields): JsonFields | undefined {
  const spec = fieldsOf(body['spec']);
  if (resource === 'pods' || resource === 'pods/ephemeralcontainers') return spec;
  const job = resource === 'cronjobs' ? fieldsOf(fieldsOf(spec?.['jobTemplate'])?.['spec']) : spec;
  return WORKLOADS.has(resource) || resource === 'cronjobs'
    ? fieldsOf(fieldsOf(job?.['template'])?.['spec'])
    : undefined;
}

/** What of the node a pod is given, in words; empty where nothing. */
export function nodeAccess(spec: JsonFields): string[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers']
    .flatMap((list) => listOf(spec[list]))
    .slice(0, MOST_CONTAINERS)
    .map((container) => fieldsOf(fieldsOf(container)?.['securityContext']));
  const capabilities = containers.flatMap((context) =>
    listOf(fieldsOf(context?.['capabilities'])?.['add']).flatMap((name) =>
      (cleanName(name) ?? '').replace(/^CAP_/, ''),
    ),
  );
  const paths = listOf(spec['volumes']).flatMap((volume) => {
    const path = cleanName(fieldsOf(fieldsOf(volume)?.['hostPath'])?.['path']);
    return path !== undefined && NODE_PATHS.test(path) ? [`the node's ${path}`] : [];
  });
  return [
    ...(containers.some((context) => context?.['privileged'] === true) ? ['privileged'] : []),
    ...(spec['hostNetwork'] === true ? ["the node's network"] : []),
    ...(spec['hostPID'] === true ? ["the node's processes"] : []),
    ...(spec['hostIPC'] === true ? ["the node's shared memory"] : []),
    ...new Set(capabilities.filter((name) => NODE_CAPABILITIES.has(name))),
    ...new Set(paths),
  ];
}
