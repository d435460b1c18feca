import type { KnownFacts } from '@breakwater/engine/policy/facts/cluster';
import { type Estate, estatesOf } from '@breakwater/engine/policy/facts/estate';
import type { ManifestObject, Unknown } from '@breakwater/model';

/** A live cluster that was read. */
export interface LiveCluster {
  /** Name of its context. */
  name: string;
  /** Kinds that could not be read, or not whole: `NetworkPolicy`. */
  unread: string[];
  /** The same as resources: `networkpolicies.networking.k8s.io`. */
  unreadResources: string[];
}

const UNRENDERED: ReadonlySet<string> = new Set([
  'chart-unrendered',
  'kustomization-unrendered',
  'template-unrendered',
]);

/**
 * What surrounds objects, by cluster. Of a live cluster everything is in view, except for the kinds that could not be
 * read: what is not there does not exist. Of files it may be defined elsewhere, and where `unknowns` of the reading name
 * templates that were not rendered, in those. `known` is what was worked out of these objects before.
 */
export function estatesWith(
  objects: readonly ManifestObject[],
  clusters: readonly LiveCluster[] = [],
  unknowns: readonly Unknown[] = [],
  known: KnownFacts = {},
): Map<string, Estate> {
  const live = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const partial = unknowns.some(({ code }) => UNRENDERED.has(code));
  const byCluster = Map.groupBy(objects, ({ cluster }) => cluster);
  return new Map(
    [...byCluster].flatMap(([name, own]) => {
      const cluster = live.get(name);
      return [
        ...estatesOf(own, {
          ...(cluster ? { complete: true, unread: cluster.unread } : { partial }),
          together: true,
          known,
        }),
      ];
    }),
  );
}
