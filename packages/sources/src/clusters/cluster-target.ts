const SCHEME = 'cluster:';

/** `cluster:CONTEXT`: how a cluster is named as a target, and what the places of its objects begin with. */
export function clusterSource(cluster: string): string {
  return SCHEME + cluster;
}

/** The context that a target names; undefined where it names no cluster. */
export function contextOf(target: string): string | undefined {
  return target.startsWith(SCHEME) && target.length > SCHEME.length ? target.slice(SCHEME.length) : undefined;
}
