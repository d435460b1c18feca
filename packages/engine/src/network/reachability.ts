import type { ManifestObject, Reachability, Unknown, Workload } from '@breakwater/model';
import { admitsInternet, enforce } from './enforcement.ts';
import { SelectableEstate } from './estate.ts';
import { exposuresOf } from './exposure.ts';
import { finderOf } from './find-by-labels.ts';
import { reachGroups } from './groups.ts';
import { type NetworkPolicy, networkPoliciesOf } from './network-policy.ts';
import { servicesOf } from './services.ts';
import { reachesInternet, sharedNetworks } from './shared-networks.ts';

/** Reachability, and what could not be told about it. */
export type ReachabilityFacts = Reachability & { unknowns: Unknown[] };

/**
 * What can be reached over the network: ways in from outside, who may talk to whom, who may talk to the Internet.
 * Clusters are apart. A NetworkPolicy that is not valid takes no part and is an unknown, and so is a kind of policy
 * that is not evaluated.
 */
export function reachabilityOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): ReachabilityFacts {
  const { policies, unknowns } = networkPoliciesOf(objects);
  const result: ReachabilityFacts = { exposures: [], groups: [], egressToInternet: [], unknowns };
  unknowns.push(...notEvaluated(objects));
  for (const [cluster, members] of byCluster(workloads)) {
    if (members.some(({ networks }) => networks !== undefined)) addShared(result, cluster, members);
    else addCluster(result, cluster, members, objects, policies);
  }
  return result;
}

function addCluster(
  result: ReachabilityFacts,
  cluster: string,
  workloads: readonly Workload[],
  objects: readonly ManifestObject[],
  policies: readonly NetworkPolicy[],
): void {
  const own = objects.filter((object) => object.cluster === cluster);
  const estate = new SelectableEstate(cluster, own, workloads);
  const enforcement = enforce(
    estate,
    policies.filter((policy) => policy.cluster === cluster),
  );
  const { exposures, unknowns } = exposuresOf({
    estate,
    enforcement,
    objects: own,
    services: servicesOf(own, finderOf(workloads)),
  });
  for (const exposure of exposures) result.exposures.push(exposure);
  for (const unknown of unknowns) result.unknowns.push(unknown);
  for (const group of reachGroups(cluster, estate, enforcement)) result.groups.push(group);
  for (const [index, workload] of workloads.entries()) {
    const isolations = enforcement.egressOf[index]!.map((number) => enforcement.egress[number]!);
    const open =
      isolations.length === 0 || isolations.some(({ rules }) => rules.some((rule) => admitsInternet(rule.peers)));
    if (open) result.egressToInternet.push(workload.id);
  }
}

/** Workloads of a platform where networks decide, not policies. */
function addShared(result: ReachabilityFacts, cluster: string, workloads: readonly Workload[]): void {
  const estate = new SelectableEstate(cluster, [], workloads);
  const { exposures } = exposuresOf({ estate, enforcement: enforce(estate, []), objects: [], services: [] });
  result.exposures.push(...exposures);
  result.groups.push(...sharedNetworks(cluster, workloads));
  result.egressToInternet.push(...workloads.filter(reachesInternet).map(({ id }) => id));
}

function byCluster(workloads: readonly Workload[]): Map<string, Workload[]> {
  const clusters = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const known = clusters.get(workload.cluster);
    if (known === undefined) clusters.set(workload.cluster, [workload]);
    else known.push(workload);
  }
  return clusters;
}

/** Kinds that decide about the network too and that are not evaluated: reach may be smaller, or larger, than it is said to be. */
const otherPolicies: readonly (readonly [kind: RegExp, group: RegExp])[] = [
  [/^(Baseline)?AdminNetworkPolicy$|^ClusterNetworkPolicy$/, /^policy\.networking\.k8s\.io\//],
  [/^Cilium(Clusterwide)?NetworkPolicy$/, /^cilium\.io\//],
  [/^(Global)?NetworkPolicy$/, /^(crd\.projectcalico\.org|projectcalico\.org)\//],
  [/^(MultiNetworkPolicy|EgressFirewall)$/, /^(k8s\.cni\.cncf\.io|k8s\.ovn\.org)\//],
  [/^AuthorizationPolicy$/, /^security\.istio\.io\//],
];

function notEvaluated(objects: readonly ManifestObject[]): Unknown[] {
  return objects
    .filter(({ kind, apiVersion }) =>
      otherPolicies.some(([kinds, groups]) => kinds.test(kind) && groups.test(apiVersion)),
    )
    .map((object) => ({
      code: 'network-policy-not-evaluated',
      message: `${object.kind} ${object.name} is not evaluated: reach is computed from NetworkPolicies alone.`,
      place: object.place,
      subject: `${object.cluster}/${object.namespace}/${object.kind}/${object.name}`,
    }));
}
