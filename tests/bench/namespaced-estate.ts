import type { JsonObject, ManifestObject } from '@breakwater/model';

/**
 * An estate of as many namespaces as asked for, each with a workload, closed to all but itself, its monitoring and DNS:
 * every namespace is told apart from every other.
 */
export function namespacedEstate(namespaces: number): ManifestObject[] {
  return Array.from({ length: namespaces }, (_, number) => {
    const namespace = `team-${number}`;
    const metadata = (name: string): JsonObject => ({ name, namespace });
    const policy = (name: string, spec: JsonObject): ManifestObject =>
      manifest('networking.k8s.io/v1', 'NetworkPolicy', { metadata: metadata(name), spec });
    return [
      manifest('v1', 'Namespace', {
        metadata: { name: namespace, labels: { team: `t${number}`, zone: `z${number % 7}` } },
      }),
      manifest('apps/v1', 'Deployment', {
        metadata: metadata('web'),
        spec: {
          template: {
            metadata: { labels: { app: 'web', tier: `tier-${number % 5}` } },
            spec: { containers: [{ name: 'c', image: 'registry.example/web:1', ports: [{ containerPort: 8080 }] }] },
          },
        },
      }),
      policy('closed', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
      policy('inside', {
        podSelector: {},
        ingress: [{ from: [{ podSelector: {} }] }],
        egress: [{ to: [{ podSelector: {} }] }],
      }),
      policy('outside', {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { zone: `z${number % 7}` } } }], ports: [{ port: 9090 }] },
        ],
        egress: [
          {
            to: [{ namespaceSelector: {}, podSelector: { matchLabels: { tier: 'tier-1' } } }],
            ports: [{ protocol: 'UDP', port: 53 }],
          },
        ],
      }),
    ];
  }).flat();
}

function manifest(apiVersion: string, kind: string, rest: { metadata: JsonObject; spec?: JsonObject }): ManifestObject {
  const { name, namespace } = rest.metadata as { name: string; namespace?: string };
  const object = { apiVersion, kind, ...rest };
  return { apiVersion, kind, name, namespace: namespace ?? '', cluster: 'default', object, place: { source: 'made' } };
}
