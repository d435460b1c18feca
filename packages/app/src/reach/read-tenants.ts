import { workloadsOf } from '@breakwater/engine/inventory';
import { unevaluatedPolicies } from '@breakwater/engine/network';
import {
  guardsOf,
  isPlatform,
  reachOfTenants,
  Tenancy,
  type TenantSettings,
  type TenantWay,
  tenantClasses,
  wayOf,
} from '@breakwater/engine/tenancy';
import type { Unknown } from '@breakwater/model';
import { readManifests } from '@breakwater/sources/manifests';

/** Tenants that are treated alike. */
export interface TenantGroup {
  cluster: string;
  tenants: { name: string; by: string }[];
  /** Of all of them. */
  workloads: number;
  /** Network policies that decide who comes in to the first of them; none where everybody does. */
  guards: string[];
}

/** What each tenant of one group gets at of each tenant of another, by the position of groups. */
export interface TenantRow {
  from: number;
  to: number;
  ways: TenantWay[];
}

/** What tenants get at of each other, and what could not be told. */
export interface TenantListing {
  groups: TenantGroup[];
  rows: TenantRow[];
  unknowns: Unknown[];
}

/** Reads manifests and tells what the tenants in them get at of each other. Clusters do not share anything. */
export async function readTenants(
  paths: string[],
  settings: TenantSettings,
  signal?: AbortSignal,
): Promise<TenantListing & { objects: number }> {
  const { objects, unknowns } = await readManifests(paths, signal === undefined ? {} : { signal });
  const { workloads, unknowns: unread } = workloadsOf(objects);
  const listing: TenantListing = { groups: [], rows: [], unknowns: [...unknowns, ...unread] };
  for (const [cluster, own] of Map.groupBy(workloads, (workload) => workload.cluster)) {
    const input = { objects: objects.filter((one) => one.cluster === cluster), workloads: own, settings };
    addCluster(listing, cluster, new Tenancy(input));
  }
  return { ...listing, objects: objects.length };
}

function addCluster(listing: TenantListing, cluster: string, tenancy: Tenancy): void {
  const { classes, rows } = tenantClasses(reachOfTenants(tenancy));
  const { list, ofWorkload } = tenancy.tenants;
  const counts = new Map<number, number>();
  for (const number of ofWorkload) counts.set(number, (counts.get(number) ?? 0) + 1);
  const before = listing.groups.length;
  for (const { members } of classes)
    listing.groups.push({
      cluster,
      tenants: members.map((number) => ({ name: list[number]!.name, by: list[number]!.by })),
      workloads: members.reduce((sum, number) => sum + (counts.get(number) ?? 0), 0),
      guards: isPlatform(list[members[0]!]!) ? [] : guardsOf(tenancy, members[0]!),
    });
  for (const { from, to, channels } of rows) {
    const target = classes[to]!.members[0]!;
    const source = classes[from]!.members[from === to ? 1 : 0]!;
    const ways = channels.map((channel) => wayOf(tenancy, channel, source, target));
    listing.rows.push({ from: before + from, to: before + to, ways });
  }
  const { problems, policies } = tenancy.borders;
  listing.unknowns.push(...problems, ...unevaluatedPolicies(tenancy.objects, policies).unknowns);
}
