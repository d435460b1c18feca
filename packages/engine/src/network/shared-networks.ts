import type { ReachGroup, Workload } from '@breakwater/model';
import { digest } from './digest.ts';

/**
 * Who may open connections to whom where networks decide (Compose, Swarm): the members of one network, to each other. A name
 * that begins with a slash is one network for all projects.
 */
export function sharedNetworks(cluster: string, workloads: readonly Workload[]): ReachGroup[] {
  const members = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const { name } of workload.networks ?? []) {
      const key = name.startsWith('/') ? name : `${workload.namespace}/${name}`;
      members.set(key, [...(members.get(key) ?? []), workload]);
    }
  }
  return [...members]
    .filter(([, joined]) => joined.length > 1)
    .map(([name, joined]) => ({
      id: `${cluster}/network-${digest(name)}`,
      from: joined.map(({ id }) => id),
      to: joined.map(({ id }) => id),
      ports: [],
      reason: `both are on network ${name.split('/').at(-1)}`,
      places: [],
    }));
}

/** Whether a workload gets out: by its host, or by a network that is not internal. */
export function reachesInternet({ networks, hostNetwork }: Workload): boolean {
  return hostNetwork || networks === undefined || networks.some(({ internal }) => !internal);
}
