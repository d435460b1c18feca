import type { KubernetesRange } from '@breakwater/model';

/** Stands for the newest version there is, which every open range holds for. */
export const LATEST = Number.POSITIVE_INFINITY;

/**
 * The minor version that a text names: `1.29`, `v1.29.4`, `1.29.4-gke.1043000`, or `latest` for the newest; undefined for
 * anything else. Kubernetes has had one major version.
 */
export function parseKubernetesVersion(text: string): number | undefined {
  if (text === 'latest') return LATEST;
  const match = /^v?1\.(\d{1,3})(?:\+|[.+-]\w[\w.+-]*)?$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

const minorOf = (version: string): number => Number(version.slice('1.'.length));

/** Whether a range holds for a minor version; no range holds for all. */
export function holdsFor(range: KubernetesRange | undefined, minor: number): boolean {
  if (range === undefined) return true;
  const { from, before } = range;
  return (from === undefined || minor >= minorOf(from)) && (before === undefined || minor < minorOf(before));
}
