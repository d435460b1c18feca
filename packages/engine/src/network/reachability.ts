import type { Exposure, ManifestObject, Reachability, Unknown, Workload } from '@breakwater/model';
import { Connectivity, nameOfNetwork, Outside, type Policy, reachOfNetworks } from './connectivity/index.ts';
import { exposuresOf } from './exposure.ts';
import { finderOf } from './find-by-labels.ts';
import { reachGroups } from './reach-groups.ts';
import { servicesOf } from './services.ts';
import { reachesInternet, sharedNetworks } from './shared-networks.ts';
import { unevaluatedPolicies } from './unevaluated-policies.ts';

/** Ways in from outside, and between workloads. */
export type Ways = Pick<Reachability, 'exposures' | 'groups'>;

/** Reachability, and what could not be told about it. */
export type ReachabilityFacts = Reachability & {
  unknowns: Unknown[];
  /** Where there are policies that are not evaluated: what is open even if they close all that they may. */
  least?: Ways;
  /** And what is open if they open all that they may. */
  most?: Ways;
};

/** One cluster of an estate. */
interface Cluster {
  name: string;
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
}

/**
 * What can be reached over the network: ways in from outside, who may talk to whom, who may talk to the Internet, by
 * every network policy that connectivity evaluates. Clusters are apart. A policy that is not valid takes no part and is
 * an unknown; so is a kind that is not evaluated, and then what may be open is told at its least and at its most.
 */
export function reachabilityOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): ReachabilityFacts {
  const result: ReachabilityFacts = { exposures: [], groups: [], egressToInternet: [], unknowns: [] };
  const doubts: { cluster: Cluster; ways: Ways; closing: readonly Policy[]; opening: readonly Policy[] }[] = [];
  for (const cluster of clustersOf(objects, workloads)) {
    const { ways, egress, unknowns, policies } = isShared(cluster) ? sharedReach(cluster) : policedReach(cluster);
    const others = unevaluatedPolicies(cluster.objects, policies);
    push(result.exposures, ways.exposures);
    push(result.groups, ways.groups);
    push(result.egressToInternet, egress);
    push(result.unknowns, [...unknowns, ...others.unknowns]);
    doubts.push({ cluster, ways, ...others });
  }
  if (doubts.every(({ closing }) => closing.length === 0)) return result;
  const under = (assumed: 'closing' | 'opening'): Ways => {
    const all = doubts.map(({ cluster, ways, [assumed]: policies }) =>
      policies.length === 0 || isShared(cluster) ? ways : policedReach(cluster, policies).ways,
    );
    return { exposures: all.flatMap(({ exposures }) => exposures), groups: all.flatMap(({ groups }) => groups) };
  };
  return { ...result, least: under('closing'), most: under('opening') };
}

/** What holds in one cluster. */
interface Reach {
  ways: Ways;
  /** Workloads that may open connections to the Internet. */
  egress: string[];
  unknowns: Unknown[];
  /** Policies that were evaluated. */
  policies: readonly Policy[];
}

/** The ways in from outside that would be there without any policy: those that manifests mean to open. */
export function exposuresByDesign(objects: readonly ManifestObject[], workloads: readonly Workload[]): Exposure[] {
  return clustersOf(objects, workloads).flatMap((cluster) => {
    const reach = new Connectivity(cluster.name, [], cluster.workloads, { policies: [] });
    const services = servicesOf(cluster.objects, finderOf(cluster.workloads));
    return exposuresOf({ ...cluster, reachOf: () => reach, services }).exposures;
  });
}

function policedReach({ name, objects, workloads }: Cluster, assumed: readonly Policy[] = []): Reach {
  const { networks, primaryOf, problems } = reachOfNetworks(name, objects, workloads, { assumed });
  const reaches = new Map(networks.map(({ network, reach }) => [nameOfNetwork(network), reach]));
  const reachOf = (workload: string): Connectivity => reaches.get(nameOfNetwork(primaryOf.get(workload)!))!;
  const services = servicesOf(objects, finderOf(workloads));
  const { exposures, unknowns } = exposuresOf({ workloads, reachOf, objects, services, attached: networks });
  return {
    ways: { exposures, groups: networks.flatMap(({ reach }) => reachGroups(name, reach)) },
    egress: [...new Set(networks.flatMap(({ reach }) => leaving(reach)))],
    unknowns: [...problems, ...unknowns],
    policies: networks.flatMap(({ reach }) => reach.policies),
  };
}

/** Whether networks that their members share decide, not policies. */
function isShared({ workloads }: Cluster): boolean {
  return workloads.some(({ networks }) => networks !== undefined);
}

function sharedReach({ name, workloads }: Cluster): Reach {
  const reach = new Connectivity(name, [], workloads);
  const { exposures, unknowns } = exposuresOf({ workloads, reachOf: () => reach, objects: [], services: [] });
  return {
    ways: { exposures, groups: sharedNetworks(name, workloads) },
    egress: workloads.filter(reachesInternet).map(({ id }) => id),
    unknowns,
    policies: [],
  };
}

function leaving(reach: Connectivity): string[] {
  const outside = new Outside(reach);
  const isOpen = (position: number) =>
    outside.ofInternet(reach.classOf[position]!, 'egress') !== reach.connections.none;
  return reach.workloads.filter((_, position) => isOpen(position)).map(({ id }) => id);
}

/** Clusters that have workloads, in the order of these. */
function clustersOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): Cluster[] {
  const own = Map.groupBy(objects, ({ cluster }) => cluster);
  const members = Map.groupBy(workloads, ({ cluster }) => cluster);
  /* Policies of a cluster without workloads are judged too. */
  for (const cluster of own.keys()) if (!members.has(cluster)) members.set(cluster, []);
  return [...members].map(([name, running]) => ({ name, objects: own.get(name) ?? [], workloads: running }));
}

function push<T>(all: T[], more: readonly T[]): void {
  for (const one of more) all.push(one);
}
