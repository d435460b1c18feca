import type { ManifestObject, Workload } from '@breakwater/model';
import { SelectableEstate } from '../network/estate.ts';
import { type NetworkPolicy, networkPoliciesOf, type PolicyTraffic } from '../network/network-policy.ts';
import { declaredPorts, type PortRange } from '../network/ports.ts';
import { endOf, type Flow, type FlowFindings, type Gap } from './flow.ts';
import { isManaged } from './managed.ts';

/**
 * Connections that NetworkPolicies of the estate allow between workloads that they name by labels: somebody wrote them
 * down as needed. Rules about everybody, or about whole namespaces, say nothing about who calls.
 */
export function admittedByPolicies(objects: readonly ManifestObject[], workloads: readonly Workload[]): FlowFindings {
  const flows: Flow[] = [];
  const gaps: Gap[] = [];
  const written = networkPoliciesOf(objects.filter((object) => !isManaged(object))).policies;
  for (const [cluster, policies] of Map.groupBy(written, (policy) => policy.cluster)) {
    const own = workloads.filter((workload) => workload.cluster === cluster);
    const estate = new SelectableEstate(cluster, objects, own);
    const wide: WidePolicy[] = [];
    for (const policy of policies) {
      const admitted = admissionsOf(policy, estate);
      const pairs = admitted.reduce((sum, { others, subjects }) => sum + others.length * subjects.length, 0);
      if (pairs > MOST_PAIRS) wide.push({ policy, pairs });
      else for (const admission of admitted) flows.push(...flowsOf(admission, policy));
    }
    gaps.push(...tooMany(wide));
  }
  return { flows, gaps };
}

/** Workloads that one rule names, and those that the policy is put on. */
interface Admission {
  rule: PolicyTraffic;
  direction: 'ingress' | 'egress';
  others: readonly Workload[];
  subjects: readonly Workload[];
}

/** Pairs of one policy that are taken for needed: who admits more names nobody in particular. */
const MOST_PAIRS = 100;

/** A policy that allows more pairs than anybody would write down as needed. */
interface WidePolicy {
  policy: NetworkPolicy;
  pairs: number;
}

function tooMany(wide: readonly WidePolicy[]): Gap[] {
  const [first] = wide.toSorted((a, b) => b.pairs - a.pairs);
  if (first === undefined) return [];
  const { policy, pairs } = first;
  const name = `NetworkPolicy ${policy.namespace}/${policy.name}`;
  const who =
    wide.length === 1
      ? `${name} allows ${pairs} connections`
      : `${name} allows ${pairs} connections between workloads, and ${wide.length - 1} more policies allow over ${MOST_PAIRS} each`;
  return [
    {
      code: 'wide-policies',
      message: `${who}${wide.length === 1 ? ' between workloads' : ''}: which of them are needed is not known, so they are not taken for needed.`,
      places: wide.slice(0, 5).flatMap(({ policy: { places } }) => places.slice(0, 1)),
    },
  ];
}

function admissionsOf({ namespace, pods, ingress, egress }: NetworkPolicy, estate: SelectableEstate): Admission[] {
  const workloadsAt = (positions: readonly number[]) => positions.map((index) => estate.workloads[index]!);
  const subjects = workloadsAt(estate.inNamespace(namespace, pods));
  const about = (rules: readonly PolicyTraffic[] | undefined, direction: Admission['direction']): Admission[] =>
    (rules ?? []).map((rule) => {
      const named = (rule.peers ?? []).filter((peer) => 'pods' in peer && peer.pods.requirements.length > 0);
      const others = workloadsAt(named.flatMap((peer) => estate.ofPeer(peer, namespace)));
      return { rule, direction, others, subjects };
    });
  return [...about(ingress, 'ingress'), ...about(egress, 'egress')];
}

function flowsOf({ rule, direction, others, subjects }: Admission, { namespace, name, places }: NetworkPolicy): Flow[] {
  const why = `NetworkPolicy ${namespace}/${name} allows it`;
  return subjects.flatMap((subject) =>
    others.flatMap((other): Flow[] => {
      const [from, to] = direction === 'ingress' ? [other, subject] : [subject, other];
      const ports = portsOn(to, rule.ports);
      if (from === to || ports === undefined) return [];
      return [{ from: endOf(from), to: endOf(to), ports, basis: 'declared', why, places }];
    }),
  );
}

/** Empty for every port; undefined where the destination has none of them. */
function portsOn(workload: Workload, ports: PolicyTraffic['ports']): PortRange[] | undefined {
  if (ports === undefined) return [];
  const found = ports.flatMap((port) => {
    if (!('name' in port)) return [port];
    return declaredPorts(workload, port.name)
      .filter(({ protocol }) => protocol === port.protocol)
      .map(({ protocol, containerPort }) => ({ protocol, from: containerPort, to: containerPort }));
  });
  return found.length === 0 ? undefined : found;
}
