import type { ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { serviceNamed } from '../network/services.ts';
import type { Tenants } from './tenants.ts';

/** How a Service sends callers to what is not its own, or takes what is sent to others. */
export interface Diversion {
  /** `external-name` leads to another tenant; `external-ip` takes traffic for an address that another Service has. */
  kind: 'external-name' | 'external-ip';
  /** What it leads to or takes from: `Service pay/db`, `10.0.0.9`. */
  what: string;
  /** The Service, `pay/db`. */
  service: string;
  /** Name of the tenant that it belongs to. */
  tenant: string;
}

/** Diversions by Service, `shop/web`. */
export function diversionsOf(
  objects: readonly ManifestObject[],
  tenants: Tenants,
): ReadonlyMap<string, readonly Diversion[]> {
  const services = objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1');
  const owners = new Map<string, ManifestObject[]>();
  for (const service of services)
    for (const address of addressesOf(service)) {
      const known = owners.get(address);
      if (known === undefined) owners.set(address, [service]);
      else known.push(service);
    }
  const found = new Map<string, Diversion[]>();
  for (const service of services) {
    const own = tenants.ofNamespace(service.namespace);
    const isForeign = (namespace: string): boolean => {
      const other = tenants.ofNamespace(namespace);
      return other.name !== own.name || other.by !== own.by;
    };
    const taken: Diversion[] = textsOf(fieldAt(service.object, 'spec', 'externalIPs')).flatMap((address) =>
      (owners.get(address) ?? [])
        .filter(({ namespace }) => isForeign(namespace))
        .map(({ namespace, name }) => ({
          kind: 'external-ip' as const,
          what: address,
          service: `${namespace}/${name}`,
          tenant: tenants.ofNamespace(namespace).name,
        })),
    );
    const named = externalTarget(service);
    const [namespace = ''] = named?.split('/') ?? [];
    if (named !== undefined && isForeign(namespace))
      taken.push({
        kind: 'external-name',
        what: `Service ${named}`,
        service: named,
        tenant: tenants.ofNamespace(namespace).name,
      });
    if (taken.length > 0) found.set(`${service.namespace}/${service.name}`, taken);
  }
  return found;
}

/** Addresses that are a Service's own: of the cluster, and of its load balancer. */
function addressesOf({ object }: ManifestObject): string[] {
  const cluster = textOf(fieldAt(object, 'spec', 'clusterIP'));
  const balancer = objectsOf(fieldAt(object, 'status', 'loadBalancer', 'ingress')).flatMap(
    (entry) => textOf(fieldOf(entry, 'ip')) ?? [],
  );
  const asked = textOf(fieldAt(object, 'spec', 'loadBalancerIP'));
  return [cluster, asked, ...balancer].flatMap((address) =>
    address === undefined || address === 'None' ? [] : [address],
  );
}

/** The Service that an ExternalName means; undefined for names outside of the cluster. */
function externalTarget({ object }: ManifestObject): string | undefined {
  if (textOf(fieldAt(object, 'spec', 'type')) !== 'ExternalName') return undefined;
  return serviceNamed(textOf(fieldAt(object, 'spec', 'externalName')));
}
