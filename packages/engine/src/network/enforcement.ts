import { holdsPrivate, holdsPublic } from './address.ts';
import type { SelectableEstate } from './estate.ts';
import type { NetworkPolicy, Peer, PolicyTraffic } from './network-policy.ts';

/** A direction of one policy, with the workloads that it isolates. */
export interface Isolation {
  policy: NetworkPolicy;
  rules: PolicyTraffic[];
  /** Positions of the workloads, ascending. */
  selected: number[];
}

/** Which policies isolate which workloads; the policies' traffic is the union of what each allows. */
export interface Enforcement {
  ingress: Isolation[];
  egress: Isolation[];
  /** By workload: positions in `ingress`; empty where nothing isolates it. */
  ingressOf: number[][];
  egressOf: number[][];
}

/**
 * Applies policies to workloads. Pods on the host network are left out: their traffic is the node's, which no network
 * plug-in in wide use isolates ("The behaviour of hostNetwork pods is undefined").
 */
export function enforce(estate: SelectableEstate, policies: readonly NetworkPolicy[]): Enforcement {
  const ingressOf: number[][] = estate.workloads.map(() => []);
  const egressOf: number[][] = estate.workloads.map(() => []);
  const ingress: Isolation[] = [];
  const egress: Isolation[] = [];
  for (const policy of policies) {
    const selected = estate
      .inNamespace(policy.namespace, policy.pods)
      .filter((index) => !estate.workloads[index]!.hostNetwork);
    if (selected.length === 0) continue;
    if (policy.ingress !== undefined) {
      for (const index of selected) ingressOf[index]!.push(ingress.length);
      ingress.push({ policy, rules: policy.ingress, selected });
    }
    if (policy.egress !== undefined) {
      for (const index of selected) egressOf[index]!.push(egress.length);
      egress.push({ policy, rules: policy.egress, selected });
    }
  }
  return { ingress, egress, ingressOf, egressOf };
}

/** Whether a rule admits a workload of the host network, whose address is its node's. */
export function admitsNodes(peers: readonly Peer[] | undefined): boolean {
  return peers === undefined || peers.some((peer) => 'block' in peer && holdsPrivate(peer.block));
}

/** Whether a rule admits an address of the Internet. */
export function admitsInternet(peers: readonly Peer[] | undefined): boolean {
  return peers === undefined || peers.some((peer) => 'block' in peer && holdsPublic(peer.block));
}

/** Whether a rule admits anything outside the cluster: the Internet or the neighbours of the nodes. */
export function admitsOutside(peers: readonly Peer[] | undefined): boolean {
  return peers === undefined || peers.some((peer) => 'block' in peer);
}

/** `NetworkPolicy shop/allow-web`. */
export function policyName(policy: NetworkPolicy): string {
  return `NetworkPolicy ${policy.namespace}/${policy.name}`;
}
