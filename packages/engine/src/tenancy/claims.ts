import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import type { Tenant, Tenants } from './tenants.ts';

/** A claim on a host and path that callers from outside use: of an Ingress, a Route or a Gateway's route. */
export interface HostClaim {
  /** `Ingress shop/web`. */
  by: string;
  tenant: Tenant;
  host: string;
  path: string;
  /** Of the path alone, and nothing below it: `pathType: Exact`. */
  exact: boolean;
  /** Services that it leads to, `shop/web`. */
  services: readonly string[];
}

/** A claim of another tenant on what an object claims too: which of them is served, the controller decides. */
export interface ContestedHost {
  host: string;
  path: string;
  /** The other claim. */
  by: string;
  tenant: string;
}

/** Callers who mean one claim and are led to another, of another tenant. */
export interface TakenHost {
  taker: HostClaim;
  from: HostClaim;
  /** The narrower claim wins; of two equal ones the controller serves one. */
  certain: boolean;
}

/** Claims of other tenants, by the object that they are held against: `Ingress shop/web`. */
export type ContestedHosts = ReadonlyMap<string, readonly ContestedHost[]>;

/** Claims on one host beyond which no more are held against each other. */
const MOST_CLAIMS = 200;

/**
 * Hosts that objects of several tenants claim. The longest path of a host wins, and of two equal ones the exact one: a
 * claim on a path is one on all that is below it, unless it is exact. A host with a wildcard is claimed with every host that it stands
 * for. Classes of controllers keep claims apart, as do parents of routes.
 */
export function contestedHosts(objects: readonly ManifestObject[], tenants: Tenants): ContestedHosts {
  const contested = new Map<string, ContestedHost[]>();
  for (const [claim, other] of overlappingClaims(objects, tenants)) {
    const list = contested.get(claim.by) ?? [];
    if (!list.some((one) => one.by === other.by && one.path === other.path))
      list.push({ host: other.host, path: other.path, by: other.by, tenant: other.tenant.name });
    contested.set(claim.by, list);
  }
  return contested;
}

/** Claims by which callers of another tenant's are led away. */
export function takenHosts(objects: readonly ManifestObject[], tenants: Tenants): TakenHost[] {
  const taken: TakenHost[] = [];
  for (const [taker, from] of overlappingClaims(objects, tenants)) {
    const narrower = from.host === taker.host ? narrownessOf(taker, from) : rankOf(taker);
    if (narrower >= 0) taken.push({ taker, from, certain: narrower > 0 });
  }
  return taken;
}

/** Above zero where one of two claims on a host is served before the other. */
function narrownessOf(claim: HostClaim, other: HostClaim): number {
  return trim(claim.path).length - trim(other.path).length || Number(claim.exact) - Number(other.exact);
}

/** Of a host and a wildcard that stands for it: whether the claim is the one on the host. */
function rankOf({ host }: HostClaim): number {
  return host.startsWith('*') ? -1 : 1;
}

/** Ordered pairs of claims of different tenants on the same callers. */
function* overlappingClaims(
  objects: readonly ManifestObject[],
  tenants: Tenants,
): Generator<[claim: HostClaim, other: HostClaim]> {
  const byHost = Map.groupBy(
    objects.flatMap((object) => claimsOf(object, tenants)),
    ({ host }) => host,
  );
  for (const [host, own] of byHost) {
    const wider = host.startsWith('*.') ? [] : (byHost.get(wildcardOf(host)) ?? []);
    const all = [...own, ...wider].slice(0, MOST_CLAIMS);
    for (const claim of all)
      for (const other of all)
        if (
          claim.by !== other.by &&
          (claim.host === host || other.host === host) &&
          isOther(claim.tenant, other.tenant) &&
          claim.served === other.served &&
          overlap(claim, other)
        )
          yield [claim, other];
  }
}

/** A claim with what serves it: the class of an Ingress, the parents of a route. */
type ServedClaim = HostClaim & { served: string };

function claimsOf(object: ManifestObject, tenants: Tenants): ServedClaim[] {
  const { kind, apiVersion, namespace, name } = object;
  const common = { by: `${kind} ${namespace}/${name}`, tenant: tenants.ofNamespace(namespace) };
  const spec = objectOf(fieldOf(object.object, 'spec'));
  const inNamespace = (services: readonly string[]): string[] => services.map((service) => `${namespace}/${service}`);
  if (kind === 'Ingress' && /^(networking\.k8s\.io|extensions)\//.test(apiVersion)) {
    const served = `ingress ${ingressClass(object.object)}`;
    const fallback = [fieldOf(spec, 'defaultBackend') ?? fieldOf(spec, 'backend')].flatMap(serviceOfBackend);
    return objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => {
      const paths = objectsOf(fieldAt(rule, 'http', 'paths'));
      const host = textOf(fieldOf(rule, 'host')) ?? '';
      if (paths.length === 0)
        return [{ ...common, host, path: '/', exact: false, served, services: inNamespace(fallback) }];
      return paths.map((path) => ({
        ...common,
        host,
        path: textOf(fieldOf(path, 'path')) ?? '/',
        exact: fieldOf(path, 'pathType') === 'Exact',
        served,
        services: inNamespace(serviceOfBackend(fieldOf(path, 'backend'))),
      }));
    });
  }
  if (kind === 'Route' && apiVersion.startsWith('route.openshift.io/')) {
    const host = textOf(fieldOf(spec, 'host'));
    const path = textOf(fieldOf(spec, 'path')) ?? '/';
    const backends = [fieldOf(spec, 'to'), ...objectsOf(fieldOf(spec, 'alternateBackends'))];
    const services = inNamespace(backends.flatMap((backend) => textOf(fieldOf(objectOf(backend), 'name')) ?? []));
    return host === undefined ? [] : [{ ...common, host, path, exact: false, served: 'route', services }];
  }
  if (!/^(HTTP|GRPC|TLS)Route$/.test(kind) || !apiVersion.startsWith('gateway.networking.k8s.io/')) return [];
  const rules = objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => {
    const matches = objectsOf(fieldOf(rule, 'matches')).map((match) => ({
      path: textOf(fieldAt(match, 'path', 'value')) ?? '/',
      exact: fieldAt(match, 'path', 'type') === 'Exact',
    }));
    const services = objectsOf(fieldOf(rule, 'backendRefs')).flatMap((backend) => {
      const service = textOf(fieldOf(backend, 'name'));
      return service === undefined ? [] : [`${textOf(fieldOf(backend, 'namespace')) ?? namespace}/${service}`];
    });
    return (matches.length === 0 ? [EVERY_PATH] : matches).map((match) => ({ ...match, services }));
  });
  return objectsOf(fieldOf(spec, 'parentRefs')).flatMap((parent) => {
    const served = `gateway ${textOf(fieldOf(parent, 'namespace')) ?? namespace}/${textOf(fieldOf(parent, 'name')) ?? ''}`;
    const hosts = textsOf(fieldOf(spec, 'hostnames'));
    return (hosts.length === 0 ? [''] : hosts).flatMap((host) =>
      (rules.length === 0 ? [{ ...EVERY_PATH, services: [] }] : rules).map((rule) => ({
        ...common,
        host,
        served,
        ...rule,
      })),
    );
  });
}

const EVERY_PATH = { path: '/', exact: false };

/** Both forms of Ingress: `service.name` and, before, `serviceName`. */
function serviceOfBackend(value: Json | undefined): string[] {
  const backend = objectOf(value);
  const name = textOf(fieldAt(backend, 'service', 'name')) ?? textOf(fieldOf(backend, 'serviceName'));
  return name === undefined ? [] : [name];
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

type Paths = Pick<HostClaim, 'path' | 'exact'>;

/** Whether some path is of both claims: `/`, `/shop`, `/shop/cart`. */
function overlap(a: Paths, b: Paths): boolean {
  if (a.exact && b.exact) return a.path === b.path;
  return (!a.exact && holds(a.path, b.path)) || (!b.exact && holds(b.path, a.path));
}

/** Whether one path is the other or is above it. */
function holds(upper: string, path: string): boolean {
  return trim(upper) === trim(path) || path.startsWith(`${trim(upper)}/`);
}

function trim(path: string): string {
  return path.replace(/\/+$/, '');
}
