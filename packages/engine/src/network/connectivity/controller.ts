import type { Stranger } from './endpoints.ts';
import { NAMESPACE_NAME } from './unseen-peers.ts';

/**
 * The controller behind Ingresses, Routes and Gateways. Its pods are seldom in the same manifests, so of its labels nothing
 * is known, and it is in a namespace of its own: only rules about any pod let it in.
 */
export const CONTROLLER: Stranger = {
  name: '{ingress-controller}',
  namespaceLabels: new Map([[NAMESPACE_NAME, '{ingress-controller}']]),
  podLabels: new Map(),
};
