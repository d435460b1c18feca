import type { Place } from '@breakwater/model';
import type { Peer } from '../network-policy.ts';
import type { PortRange } from '../ports.ts';
import type { Selector } from '../selector.ts';

/** What a rule does with the connections that it is about. `pass` leaves them to the tier below. */
export type Action = 'allow' | 'deny' | 'pass';

/** Whom a rule is about: pods, addresses, nodes, or hosts outside by their name. */
export type RulePeer = Peer | { nodes: Selector } | { domain: string };

/** Ports by number, or by the name that a container gives them; a name without protocol is of any. */
export type RulePort = PortRange | { protocol: string | undefined; name: string };

/** One rule of a policy; undefined stands for everyone, or for every port. */
export interface Rule {
  /** As the policy names it, else `#1`. */
  name: string;
  action: Action;
  peers: readonly RulePeer[] | undefined;
  ports: readonly RulePort[] | undefined;
}

/** In which order policies are asked: admin before network before baseline. */
export type Tier = 'admin' | 'network' | 'baseline';
export type Direction = 'ingress' | 'egress';

/** A policy of any kind as the analysis sees it. */
export interface Policy {
  kind: string;
  /** Empty for policies of the cluster. */
  namespace: string;
  name: string;
  tier: Tier;
  /** Lower is asked earlier; of no meaning in the network tier. */
  priority: number;
  /** Whom it is put on; without a namespace selector pods of its own namespace. */
  subject: { namespaces: Selector | undefined; pods: Selector };
  /** Undefined where it says nothing about the direction; empty closes it in the network tier. */
  ingress: readonly Rule[] | undefined;
  egress: readonly Rule[] | undefined;
  place: Place;
}

/** `NetworkPolicy shop/allow-web`, `AdminNetworkPolicy base`. */
export function nameOfPolicy({ kind, namespace, name }: Pick<Policy, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** The rules of one direction; none where the policy says nothing about it. */
export function rulesOf(policy: Pick<Policy, Direction>, direction: Direction): readonly Rule[] {
  return policy[direction] ?? [];
}

/** Every peer that the rules of a policy name, in either direction. */
export function peersOf(policy: Pick<Policy, Direction>): RulePeer[] {
  return [...rulesOf(policy, 'ingress'), ...rulesOf(policy, 'egress')].flatMap(({ peers }) => peers ?? []);
}
