import type { ManifestObject } from '@breakwater/model';

/** Kinds whose names are hosts: a service of Compose is reached by its own name. */
const NAMED_KINDS = new Set(['Service', 'ComposeService', 'SwarmService']);

/** Longest text that is searched for host names. */
const MAX_TEXT = 4096;

/** Which Services of its cluster the texts of a container in `namespace` name as hosts, as `namespace/name`. */
export type FindServices = (namespace: string, texts: readonly string[]) => string[];

/**
 * Finds Services by the names that DNS gives them: `cart` in their own namespace, `cart.shop`, `cart.shop.svc` and
 * `cart.shop.svc.cluster.local` anywhere in their cluster.
 */
export function serviceFinder(objects: readonly ManifestObject[]): (cluster: string) => FindServices {
  const services = new Set(
    objects.flatMap(({ kind, cluster, namespace, name }) =>
      NAMED_KINDS.has(kind) ? [`${cluster}\n${namespace}/${name}`] : [],
    ),
  );
  return (cluster) => (namespace, texts) => {
    if (services.size === 0) return [];
    const found = texts.flatMap(hostNames).flatMap((host) => {
      const service = serviceOf(host, namespace);
      return service !== undefined && services.has(`${cluster}\n${service}`) ? [service] : [];
    });
    return [...new Set(found)];
  };
}

function hostNames(text: string): string[] {
  return text.slice(0, MAX_TEXT).match(/[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?/g) ?? [];
}

function serviceOf(host: string, own: string): string | undefined {
  const [name, namespace = own, ...suffix] = host.split('.');
  const known = suffix.length === 0 || ['svc', 'svc.cluster.local'].includes(suffix.join('.'));
  return known ? `${namespace}/${name}` : undefined;
}
