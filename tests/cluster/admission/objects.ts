/** A pod that runs one container. */
export const pod = (
  name: string,
  { privileged = false, ...metadata }: { privileged?: boolean; [field: string]: unknown } = {},
) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', ...metadata },
  spec: { containers: [{ name: 'web', image: 'nginx:1', securityContext: { privileged } }] },
});

/** A Deployment of such pods. */
export const deployment = (name: string, { privileged = false, replicas = 1 } = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: pod(name, { privileged }).spec },
  },
});

/** A policy that refuses, as a document that follows another. */
export const policy = (name: string, match: string, rule: string): string => `---
apiVersion: breakwater/v1
kind: Policy
metadata: { name: ${name} }
spec:
  title: ${name}
  why: w
  fix: f
  severity: high
  phases: [deploy]
  match: ${match}
  forbid:
    - ${rule}
  enforcement: { deploy: block }
`;

/** Policies of every kind of request, and our own on privileged containers promoted to refuse. */
export const POLICIES = `apiVersion: breakwater/v1
kind: Setting
metadata: { name: block-privileged }
spec: { policies: [no-privileged-containers], enforcement: { deploy: block } }
${policy('keep-databases', '{ kinds: [ConfigMap], operations: [DELETE] }', `{ expr: "oldObject.metadata.?labels.?keep.orValue('') == 'yes'", message: "oldObject.metadata.name + ' is to be kept'" }`)}
${policy('no-shell', '{ kinds: [PodExecOptions], operations: [CONNECT] }', `{ each: containers, expr: "c.image.startsWith('nginx') && 'sh' in object.command", message: "'no shell in ' + c.name + ' for ' + request.userInfo.username" }`)}
${policy('few-replicas', '{ kinds: [Scale] }', `{ expr: "object.spec.replicas > 3", message: "'at most 3 replicas, not ' + string(object.spec.replicas)" }`)}
${policy('no-large-gizmos', '{ kinds: [Gizmo], apiGroups: [example.org] }', `{ expr: "object.spec.size > 5", message: "'size ' + string(object.spec.size)" }`)}
${policy('no-marked-maps', '{ kinds: [ConfigMap] }', `{ expr: "has(object.data) && 'forbidden' in object.data", message: "'forbidden data'" }`)}
---
apiVersion: breakwater/v1
kind: Exception
metadata: { name: runner }
spec:
  policies: [no-privileged-containers]
  scope: { namespaces: [shop], workloads: [runner] }
  owner: team-ci
  reason: image builds
  compensating: the node pool runs nothing else
  expires: 2099-01-31
`;

/** A kind that Kubernetes does not bring. */
export const GIZMOS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gizmos.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'gizmos', singular: 'gizmo', kind: 'Gizmo' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
