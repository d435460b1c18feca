import type { Workload } from '@breakwater/model';
import type { Connectivity, Endpoint } from './connectivity/index.ts';
import { type Selector, selects } from './selector.ts';

/** Namespaces in which controllers of Ingress, Gateway and Route are installed as a rule. */
export const controllerNamespaces: readonly string[] = [
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

const CONTROLLER_WORDS = /ingress|gateway|router|traefik|envoy|haproxy|contour/i;

/** Whoever may be the controller behind an Ingress, Gateway or Route: numbers of ends. */
export function controllerEnds({ endpoints, workloads }: Connectivity): number[] {
  return [...endpoints.entries()].flatMap(([number, end]) => (mayBeController(end, workloads) ? [number] : []));
}

/**
 * Whether an end may be the controller behind an Ingress, Gateway or Route. Its pods are seldom in the same manifests: a
 * peer of a policy counts that selects one of the namespaces in which they live, or that speaks of an ingress, gateway
 * or router; and any address outside, for controllers on the network of their node and load balancers of the cloud.
 */
function mayBeController(end: Endpoint, workloads: readonly Workload[]): boolean {
  switch (end.kind) {
    case 'external':
    case 'stranger':
      return true;
    case 'workloads':
      return end.class.members.some((position) => isController(workloads[position]!));
    case 'unseen':
      return mayMeanController(end.peer.namespaces, end.peer.pods);
  }
}

/** Whether a workload may be such a controller, by its namespace, name and labels. */
export function isController({ namespace, name, podLabels }: Workload): boolean {
  if (controllerNamespaces.includes(namespace)) return true;
  const labels = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
  return CONTROLLER_WORDS.test([namespace, name, ...labels].join(' '));
}

function mayMeanController(namespaces: string | Selector, pods: Selector): boolean {
  if (CONTROLLER_WORDS.test(`${typeof namespaces === 'string' ? namespaces : namespaces.key} ${pods.key}`)) return true;
  if (typeof namespaces === 'string') return controllerNamespaces.includes(namespaces);
  return controllerNamespaces.some((name) => selects(namespaces, new Map([['kubernetes.io/metadata.name', name]])));
}
