import type { Container, JsonObject, ManifestObject, Workload } from '@breakwater/model';

/** A workload of namespace `default` with one container, as tests need it. */
export function workloadOf(name: string, part: Partial<Workload> = {}): Workload {
  const cluster = part.cluster ?? 'default';
  const namespace = part.namespace ?? 'default';
  const kind = part.kind ?? 'Deployment';
  return {
    id: `${cluster}/${namespace}/${kind}/${name}`,
    cluster,
    namespace,
    kind,
    name,
    labels: {},
    annotations: {},
    podLabels: { app: name },
    containers: [containerOf({})],
    volumes: [],
    serviceAccount: 'default',
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    podSpecPointer: ['spec', 'template', 'spec'],
    definitions: [{ source: `${name}.yaml` }],
    ...part,
  };
}

/** A container that declares port 80 unless the test says otherwise. */
export function containerOf(part: Partial<Container>): Container {
  return {
    name: 'app',
    role: 'main',
    image: 'registry.example/app:1',
    environment: [],
    namedServices: [],
    asksPassword: false,
    ports: [{ containerPort: 80, protocol: 'TCP' }],
    security: { privileged: false, capabilitiesAdded: [], capabilitiesDropped: [] },
    limits: {},
    requests: {},
    mounts: [],
    pointer: ['spec', 'template', 'spec', 'containers', 0],
    ...part,
  };
}

const apiVersions: Record<string, string> = {
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
};

/** An object of a manifest in namespace `default`, unless its metadata say otherwise. */
export function objectOf(
  kind: string,
  name: string,
  body: JsonObject,
  namespace = 'default',
  apiVersion?: string,
): ManifestObject {
  const version = apiVersion ?? apiVersions[kind] ?? 'v1';
  return {
    apiVersion: version,
    kind,
    name,
    namespace,
    cluster: 'default',
    object: { apiVersion: version, kind, ...body },
    place: { source: `${kind.toLowerCase()}-${name}.yaml` },
  };
}

/** A Service that leads to pods labelled `app: NAME`. */
export function serviceOf(name: string, spec: JsonObject = {}, namespace = 'default'): ManifestObject {
  return objectOf('Service', name, { spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } }, namespace);
}

/** A NetworkPolicy by its spec. */
export function policyOf(name: string, spec: JsonObject, namespace = 'default'): ManifestObject {
  return objectOf('NetworkPolicy', name, { spec }, namespace);
}
