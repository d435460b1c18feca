import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import type { Tenant, Tenants } from './tenants.ts';

/** A claim on a host and path that callers from outside use: of an Ingress, a Route or a Gateway's route. */
export interface HostClaim {
  /** `Ingress shop/web`. */
  by: string;
  tenant: Tenant;
  host: string;
  path: string;
}

/** A claim of another tenant on what an object claims too: which of them is served, the controller decides. */
export interface ContestedHost {
  host: string;
  path: string;
  /** The other claim. */
  by: string;
  tenant: string;
}

/** Claims of other tenants, by the object that they are held against: `Ingress shop/web`. */
export type ContestedHosts = ReadonlyMap<string, readonly ContestedHost[]>;

/** Claims on one host beyond which no more are held against each other. */
const MOST_CLAIMS = 200;

/**
 * Hosts that objects of several tenants claim. The longest path of a host wins, so a claim on a path is one on all that is
 * below it, and a host with a wildcard is claimed with every host that it stands for. Classes of controllers keep claims
 * apart, as do parents of routes.
 */
export function contestedHosts(objects: readonly ManifestObject[], tenants: Tenants): ContestedHosts {
  const byHost = Map.groupBy(
    objects.flatMap((object) => claimsOf(object, tenants)),
    ({ host }) => host,
  );
  const contested = new Map<string, ContestedHost[]>();
  for (const [host, own] of byHost) {
    const wider = byHost.get(wildcardOf(host)) ?? [];
    const all = [...own, ...(host.startsWith('*.') ? [] : wider)].slice(0, MOST_CLAIMS);
    for (const claim of all)
      for (const other of all)
        if (
          claim.by !== other.by &&
          isOther(claim.tenant, other.tenant) &&
          claim.served === other.served &&
          overlap(claim.path, other.path)
        ) {
          const list = contested.get(claim.by) ?? [];
          if (!list.some((one) => one.by === other.by && one.path === other.path))
            list.push({ host: other.host, path: other.path, by: other.by, tenant: other.tenant.name });
          contested.set(claim.by, list);
        }
  }
  return contested;
}

/** A claim with what serves it: the class of an Ingress, the parents of a route. */
type ServedClaim = HostClaim & { served: string };

function claimsOf(object: ManifestObject, tenants: Tenants): ServedClaim[] {
  const { kind, apiVersion, namespace, name } = object;
  const common = { by: `${kind} ${namespace}/${name}`, tenant: tenants.ofNamespace(namespace) };
  const spec = objectOf(fieldOf(object.object, 'spec'));
  if (kind === 'Ingress' && /^(networking\.k8s\.io|extensions)\//.test(apiVersion)) {
    const served = `ingress ${ingressClass(object.object)}`;
    return objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => {
      const paths = objectsOf(fieldAt(rule, 'http', 'paths')).map((path) => textOf(fieldOf(path, 'path')) ?? '/');
      const host = textOf(fieldOf(rule, 'host')) ?? '';
      return (paths.length === 0 ? ['/'] : paths).map((path) => ({ ...common, host, path, served }));
    });
  }
  if (kind === 'Route' && apiVersion.startsWith('route.openshift.io/')) {
    const host = textOf(fieldOf(spec, 'host'));
    const path = textOf(fieldOf(spec, 'path')) ?? '/';
    return host === undefined ? [] : [{ ...common, host, path, served: 'route' }];
  }
  if (!/^(HTTP|GRPC|TLS)Route$/.test(kind) || !apiVersion.startsWith('gateway.networking.k8s.io/')) return [];
  const paths = objectsOf(fieldOf(spec, 'rules')).flatMap((rule) =>
    objectsOf(fieldOf(rule, 'matches')).flatMap((match) => textOf(fieldAt(match, 'path', 'value')) ?? '/'),
  );
  return objectsOf(fieldOf(spec, 'parentRefs')).flatMap((parent) => {
    const served = `gateway ${textOf(fieldOf(parent, 'namespace')) ?? namespace}/${textOf(fieldOf(parent, 'name')) ?? ''}`;
    const hosts = textsOf(fieldOf(spec, 'hostnames'));
    return (hosts.length === 0 ? [''] : hosts).flatMap((host) =>
      (paths.length === 0 ? ['/'] : paths).map((path) => ({ ...common, host, path, served })),
    );
  });
}

function ingressClass(object: JsonObject): string {
  const annotation = textOf(fieldAt(object, 'metadata', 'annotations', 'kubernetes.io/ingress.class'));
  return textOf(fieldAt(object, 'spec', 'ingressClassName')) ?? annotation ?? '';
}

/** `*.shop.example` for `web.shop.example`. */
function wildcardOf(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '*' : `*${host.slice(dot)}`;
}

function isOther(a: Tenant, b: Tenant): boolean {
  return a.name !== b.name || a.by !== b.by;
}

/** Whether one path is the other or holds it: `/`, `/shop`, `/shop/cart`. */
function overlap(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [trim(a), trim(b)] : [trim(b), trim(a)];
  return short === long || long.startsWith(`${short}/`);
}

function trim(path: string): string {
  return path.replace(/\/+$/, '');
}
