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
  const services = new Set<string>();
  const names = new Set<string>();
  for (const { kind, cluster, namespace, name } of objects) {
    if (!NAMED_KINDS.has(kind)) continue;
    services.add(`${cluster}\n${namespace}/${name}`);
    names.add(name);
  }
  return (cluster) => (namespace, texts) => {
    if (services.size === 0) return [];
    const found = new Set<string>();
    for (const text of texts)
      for (const host of hostNames(text)) {
        const service = serviceOf(host, namespace, names);
        if (service !== undefined && services.has(`${cluster}\n${service}`)) found.add(service);
      }
    return [...found];
  };
}

function hostNames(text: string): string[] {
  return text.slice(0, MAX_TEXT).match(/[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?/g) ?? [];
}

/** `names` are those of all Services: most words are none of them. */
function serviceOf(host: string, own: string, names: ReadonlySet<string>): string | undefined {
  const dot = host.indexOf('.');
  if (!names.has(dot === -1 ? host : host.slice(0, dot))) return undefined;
  const [name, namespace = own, ...suffix] = host.split('.');
  const known = suffix.length === 0 || ['svc', 'svc.cluster.local'].includes(suffix.join('.'));
  return known ? `${namespace}/${name}` : undefined;
}
