import type { RankedWorkload, Summary } from '@breakwater/model';

/** Clusters and their namespaces in alphabetical order, for the choice of a scope. */
export function scopesOf(workloads: RankedWorkload[]): NonNullable<Summary['scopes']> {
  const clusters = new Map<string, Set<string>>();
  for (const { cluster, namespace } of workloads) {
    clusters.set(cluster, (clusters.get(cluster) ?? new Set()).add(namespace));
  }
  return [...clusters]
    .map(([cluster, namespaces]) => ({ cluster, namespaces: [...namespaces].sort() }))
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}
