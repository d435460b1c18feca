import type { SelectableEstate } from './estate.ts';
import type { Peer } from './network-policy.ts';
import { selects } from './selector.ts';

/** Namespaces in which controllers of Ingress, Gateway and Route are installed as a rule. */
const controllerNamespaces = [
  'ingress-nginx',
  'nginx-ingress',
  'nginx-gateway',
  'ingress',
  'traefik',
  'kong',
  'haproxy-controller',
  'haproxy-ingress',
  'projectcontour',
  'contour',
  'istio-system',
  'istio-ingress',
  'envoy-gateway-system',
  'gateway-system',
  'openshift-ingress',
  'kube-system',
];

/**
 * Whether a peer of a policy in `namespace` may stand for the controller behind an Ingress, Gateway or Route. Its pods
 * are seldom in the same manifests: a peer counts that selects one of the namespaces in which they live, or that
 * speaks of an ingress, gateway or router.
 */
export function mayBeController(peer: Peer, namespace: string, estate: SelectableEstate): boolean {
  if ('block' in peer) return true;
  const words = `${peer.namespaces?.key ?? ''} ${peer.pods.key}`;
  if (/ingress|gateway|router|traefik|envoy|haproxy|contour/i.test(words)) return true;
  if (peer.namespaces === undefined) return controllerNamespaces.includes(namespace);
  const selector = peer.namespaces;
  return controllerNamespaces.some((name) =>
    selects(selector, estate.namespaces.get(name) ?? new Map([['kubernetes.io/metadata.name', name]])),
  );
}
