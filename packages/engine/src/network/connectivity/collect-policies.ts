import type { ManifestObject, Unknown } from '@breakwater/model';
import { fieldOf } from '../../json/index.ts';
import { type NetworkPolicy, networkPoliciesOf } from '../network-policy.ts';
import { InvalidPolicy } from '../selector.ts';
import { holdsFamily } from './external-ranges.ts';
import { isAdminPolicy, parseAdminPolicy } from './parse-admin-policy.ts';
import { nameOfPolicy, type Policy, type Rule } from './policy.ts';

/** The policies that take part, and what is wrong with those that do not, or whose order cannot be told. */
export interface CollectedPolicies {
  policies: Policy[];
  problems: Unknown[];
}

/**
 * Every policy of every kind. One that the API server would refuse takes no part and is a problem with its place, and so
 * are policies of which only one may be, policies of one tier with one priority, and rules that can never be met.
 */
export function collectPolicies(objects: readonly ManifestObject[]): CollectedPolicies {
  const network = networkPoliciesOf(objects);
  const policies = network.policies.map(fromNetworkPolicy);
  const problems = [...network.unknowns];
  const meanings = new Set<string>();
  for (const object of objects.filter(isAdminPolicy)) {
    const meaning = `${object.kind} ${object.name} ${JSON.stringify(fieldOf(object.object, 'spec') ?? null)}`;
    if (object.kind !== 'BaselineAdminNetworkPolicy' && meanings.has(meaning)) continue;
    meanings.add(meaning);
    try {
      policies.push(parseAdminPolicy(object));
    } catch (error) {
      if (!(error instanceof InvalidPolicy)) throw error;
      problems.push(invalid(object, error.message));
    }
  }
  problems.push(
    ...duplicates(policies),
    ...equalPriorities(policies),
    ...namesOutside(policies),
    ...policies.flatMap(aboutPodsToo),
  );
  return { policies, problems };
}

function fromNetworkPolicy({ namespace, name, pods, ingress, egress, places }: NetworkPolicy): Policy {
  const rules = (traffic: NetworkPolicy['ingress']): Rule[] | undefined =>
    traffic?.map(({ peers, ports }, index) => ({ name: `#${index + 1}`, action: 'allow', peers, ports }));
  return {
    kind: 'NetworkPolicy',
    namespace,
    name,
    tier: 'network',
    priority: 0,
    subject: { namespaces: undefined, pods },
    ingress: rules(ingress),
    egress: rules(egress),
    place: places[0]!,
  };
}

function invalid(object: ManifestObject, message: string): Unknown {
  return {
    code: 'network-policy-invalid',
    message: `${object.kind} ${object.name} is not valid: ${message}. What it would allow or close is not known; reach is computed without it.`,
    place: object.place,
    subject: `${object.cluster}//${object.kind}/${object.name}`,
    hint: 'Mend the policy: the API server refuses it as it is.',
  };
}

/** Two policies of one name: a cluster holds only one of them. */
function duplicates(policies: readonly Policy[]): Unknown[] {
  const known = new Set<string>();
  return policies.flatMap((policy) => {
    const name = nameOfPolicy(policy);
    if (!known.has(name)) {
      known.add(name);
      return [];
    }
    return [
      {
        code: 'network-policy-duplicate',
        message: `${name} is there more than once with different rules: a cluster holds one, and which is not known. Both are applied.`,
        place: policy.place,
      },
    ];
  });
}

/** "If two policies have the same priority, the order in which they are applied is not defined." */
function equalPriorities(policies: readonly Policy[]): Unknown[] {
  const known = new Map<string, Policy>();
  return policies.flatMap((policy) => {
    if (policy.tier === 'network' || policy.kind === 'BaselineAdminNetworkPolicy') return [];
    const key = `${policy.kind} ${policy.tier} ${policy.priority}`;
    const other = known.get(key);
    if (other === undefined) known.set(key, policy);
    if (other === undefined || other.name === policy.name) return [];
    return [
      {
        code: 'network-policy-order',
        message: `${nameOfPolicy(policy)} and ${nameOfPolicy(other)} both have priority ${policy.priority}: which of them decides is not defined. They are asked in the order in which they were read.`,
        place: policy.place,
        hint: 'Give each policy a priority of its own.',
      },
    ];
  });
}

/** A name of a port says nothing about an address outside the cluster: such a part of a rule allows nothing. */
function namesOutside(policies: readonly Policy[]): Unknown[] {
  return policies.flatMap((policy) => {
    const dead = (policy.egress ?? []).find(
      ({ peers, ports }) =>
        peers?.some((peer) => 'block' in peer) === true && ports?.some((port) => 'name' in port) === true,
    );
    if (dead === undefined) return [];
    return [
      {
        code: 'network-policy-named-port-outside',
        message: `Egress rule ${dead.name} of ${nameOfPolicy(policy)} names a port for addresses outside the cluster, where nothing has that name: for them it says nothing.`,
        place: policy.place,
        hint: 'Give the number of the port.',
      },
    ];
  });
}

/**
 * Of the older kinds: whether networks are about pods too, plug-ins see differently. It matters where a rule about every
 * address comes before any that decides about all pods.
 */
function aboutPodsToo(policy: Policy): Unknown[] {
  if (policy.kind !== 'AdminNetworkPolicy' && policy.kind !== 'BaselineAdminNetworkPolicy') return [];
  for (const { name, peers = [], ports } of policy.egress ?? []) {
    if (
      ports === undefined &&
      peers.some((peer) => 'pods' in peer && peer.namespaces?.key === '' && peer.pods.key === '')
    )
      return [];
    if (!peers.some((peer) => 'block' in peer && holdsFamily(peer.block))) continue;
    return [
      {
        code: 'network-policy-addresses-of-pods',
        message: `Egress rule ${name} of ${nameOfPolicy(policy)} is about every address: whether those of pods are among them, the network plug-in decides. It is taken to be about addresses outside the cluster.`,
        place: policy.place,
        hint: 'Put a rule before it that allows, denies or passes what goes to all namespaces.',
      },
    ];
  }
  return [];
}
