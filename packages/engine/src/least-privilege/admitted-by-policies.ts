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
    for (const policy of policies) {
      const found = flowsOf(policy, estate);
      if (found.length > MOST_PAIRS) gaps.push(tooMany(policy, found.length));
      else flows.push(...found);
    }
  }
  return { flows, gaps };
}

/** Pairs of one policy that are taken for needed: who admits more names nobody in particular. */
const MOST_PAIRS = 100;

function tooMany({ namespace, name, places }: NetworkPolicy, pairs: number): Gap {
  return {
    code: 'closed-before',
    message: `NetworkPolicy ${namespace}/${name} allows ${pairs} connections between workloads: which of them are needed is not known, so they are not taken for needed.`,
    places,
  };
}

function flowsOf(policy: NetworkPolicy, estate: SelectableEstate): Flow[] {
  const { namespace, name, pods, ingress, egress, places } = policy;
  const subjects = estate.inNamespace(namespace, pods).map((index) => estate.workloads[index]!);
  const flow = (from: Workload, to: Workload, rule: PolicyTraffic): Flow[] => {
    const ports = portsOn(to, rule.ports);
    if (from === to || ports === undefined) return [];
    const why = `NetworkPolicy ${namespace}/${name} allows it`;
    return [{ from: endOf(from), to: endOf(to), ports, basis: 'declared', why, places }];
  };
  const named = (rule: PolicyTraffic): Workload[] =>
    (rule.peers ?? []).flatMap((peer) =>
      'pods' in peer && peer.pods.requirements.length > 0
        ? estate.ofPeer(peer, namespace).map((index) => estate.workloads[index]!)
        : [],
    );
  return subjects.flatMap((subject) => [
    ...(ingress ?? []).flatMap((rule) => named(rule).flatMap((caller) => flow(caller, subject, rule))),
    ...(egress ?? []).flatMap((rule) => named(rule).flatMap((called) => flow(subject, called, rule))),
  ]);
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
