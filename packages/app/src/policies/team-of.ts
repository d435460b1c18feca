import { objectOf } from '@breakwater/engine/json';
import type { JsonObject, ManifestObject } from '@breakwater/model';

/** Labels and annotations that name a team, where nobody says which. */
export const TEAM_LABELS: readonly string[] = ['team', 'owner', 'app.kubernetes.io/team'];

/** What tells who answers for an object. */
export interface TeamSources {
  /** Labels and annotations to look at, in their order. */
  labels: readonly string[];
  /** The object of a namespace of a cluster, where it is in view. */
  namespaceObject(cluster: string, namespace: string): JsonObject | undefined;
  /** Owners of the file, by CODEOWNERS. */
  ownersOf(file: string): readonly string[];
}

/** Who answers for an object, and what says so. */
export interface Team {
  name: string;
  from: 'label' | 'namespace-label' | 'code-owners' | 'namespace' | 'nobody';
}

/**
 * The team of an object: its own label or annotation, that of its namespace, the owners of its file, else the namespace
 * itself.
 */
export function teamOf({ object, cluster, namespace, place }: ManifestObject, sources: TeamSources): Team {
  const own = named(object, sources.labels);
  if (own !== undefined) return { name: own, from: 'label' };
  const inherited = named(sources.namespaceObject(cluster, namespace), sources.labels);
  if (inherited !== undefined) return { name: inherited, from: 'namespace-label' };
  const owners = sources.ownersOf(place.source);
  if (owners.length > 0) return { name: owners.join(' '), from: 'code-owners' };
  return namespace === ''
    ? { name: 'outside of namespaces', from: 'nobody' }
    : { name: `namespace ${namespace}`, from: 'namespace' };
}

function named(object: JsonObject | undefined, labels: readonly string[]): string | undefined {
  for (const label of labels) {
    for (const field of ['labels', 'annotations']) {
      const value = objectOf(objectOf(object?.['metadata'])?.[field]) ?? {};
      const name = Object.hasOwn(value, label) ? value[label] : undefined;
      if (typeof name === 'string' && name !== '') return name;
    }
  }
  return undefined;
}
